import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { takeJsonOnly } from './json-body.js';
import { ProblemError } from './problem.js';

async function answerTo(contentType: string | undefined, payload: string | Buffer) {
  const app = fastify();
  takeJsonOnly(app);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof ProblemError ? error.body().status : (error.statusCode ?? 500);
    return reply.status(status).send({ refused: status });
  });
  app.post('/', async ({ body }) => ({ body }));
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  const { statusCode, body } = await app.inject({ method: 'POST', url: '/', headers, payload });
  await app.close();
  return [statusCode, JSON.parse(body)];
}

describe('takeJsonOnly', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'reads %s',
    async (contentType) => {
      const text = '{"name":"Zoë \u{1f4b0}"}';
      expect(await answerTo(contentType, text)).toEqual([200, { body: JSON.parse(text) }]);
    },
  );

  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/json; charset=utf-16le',
    'application/json; charset=latin1',
    'application/jsonp',
    'application/json, text/plain',
    'nonsense',
  ])('refuses %s', async (contentType) => {
    expect(await answerTo(contentType, '{"a":1}')).toEqual([415, { refused: 415 }]);
  });

  it.each([
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    Buffer.from([0x22, 0xc0, 0x80, 0x22]),
    '{"a":',
    '',
    '{"__proto__":1}',
  ])('refuses what is no JSON in UTF-8: %j', async (payload) => {
    expect(await answerTo('application/json', payload)).toEqual([400, { refused: 400 }]);
  });
});
