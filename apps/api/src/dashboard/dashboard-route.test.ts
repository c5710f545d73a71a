import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSecurityHeaders, pagePolicy } from '../security-headers.js';
import { dashboardRoute } from './dashboard-route.js';

let folder: string;
let app: FastifyInstance;

const script = 'export const pages = 1;'.repeat(100);

function build(page: string, atMs: number): void {
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  mkdirSync(join(folder, 'dist', '.vite'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not of the build');
  writeFileSync(join(folder, 'dist', '.vite', 'manifest.json'), '{}');
  writeFileSync(join(folder, 'dist', 'theme.js'), 'theme();');
  writeFileSync(join(folder, 'dist', 'assets', 'index-abc123.js'), script);
  writeFileSync(join(folder, 'dist', 'index.html'), page);
  utimesSync(join(folder, 'dist', 'index.html'), atMs / 1000, atMs / 1000);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollbook-dashboard-'));
  app = fastify();
  addSecurityHeaders(app);
  await app.register(dashboardRoute(join(folder, 'dist')));
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('the dashboard’s files', () => {
  it.each(['/', '/sign-in', '/test', '/test/payments/pi_x?tab=raw', '/live/reports'])(
    'answer %s with the one page, asked for anew each time',
    async (url) => {
      build('<p>page', 1_000);
      const answer = await app.inject(url);
      expect(answer.body).toBe('<p>page');
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': pagePolicy,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
      });
    },
  );

  it('keep the policy of a page when they did not change: a browser takes over the headers of a 304', async () => {
    build('<p>page', 1_000);
    const { headers } = await app.inject('/test');
    const again = await app.inject({ url: '/test', headers: { 'if-none-match': String(headers.etag) } });
    expect(again.statusCode).toBe(304);
    expect(again.headers['content-security-policy']).toBe(pagePolicy);
  });

  it('are kept for ever where their names hold a hash, and packed for who can unpack', async () => {
    build('<p>page', 1_000);
    const url = '/assets/index-abc123.js';
    const packed = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).toString()).toBe(script);
    for (const encoding of ['identity', 'gzip;q=0']) {
      const plain = await app.inject({ url, headers: { 'accept-encoding': encoding } });
      expect(plain.body).toBe(script);
      expect(plain.headers['content-encoding']).toBeUndefined();
    }
    const again = await app.inject({ url, headers: { 'if-none-match': String(packed.headers.etag) } });
    expect(again.statusCode).toBe(304);
    expect((await app.inject('/theme.js')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/assets/../index.html/x',
    '/assets/..%2f..%2fsecret.txt',
    '/..%2fsecret.txt',
    '/secret.txt',
    '/.vite',
    '/assets/',
    '/no-such-file',
  ])('are only those of the build: %s is not there', async (url) => {
    build('<p>page', 1_000);
    expect((await app.inject(url)).statusCode).toBe(404);
  });

  it('are those of a newer build without a restart', async () => {
    build('<p>old', 1_000);
    expect((await app.inject('/')).body).toBe('<p>old');
    build('<p>new', 9_000);
    expect((await app.inject('/')).body).toBe('<p>new');
  });

  it('say so where there is no build', async () => {
    const answer = await app.inject('/test/payments');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm run build');
    expect(answer.headers['content-security-policy']).toBe(pagePolicy);
    expect((await app.inject('/theme.js')).statusCode).toBe(404);
  });
});
