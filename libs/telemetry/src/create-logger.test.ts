import { describe, expect, it } from 'vitest';
import { createLogger, type Logger, type LogLevel } from './create-logger.js';

const CANARY = 'canary-7c1e';

type Line = Record<string, unknown> & { err?: Record<string, unknown> };

function buildLogger(level: LogLevel = 'trace'): { logger: Logger; lines: () => Line[]; text: () => string } {
  let written = '';
  const logger = createLogger({
    name: 'api',
    level,
    destination: {
      write: (line) => {
        written += line;
      },
    },
  });
  return {
    logger,
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Line => JSON.parse(line)),
  };
}

describe('createLogger', () => {
  it('writes one JSON line with name, level, time, message and fields', () => {
    const { logger, lines } = buildLogger();
    logger.info({ intent_id: 'pi_1', duration_ms: 4 }, 'payment settled');
    expect(lines()).toEqual([
      {
        name: 'api',
        pid: process.pid,
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        msg: 'payment settled',
        intent_id: 'pi_1',
        duration_ms: 4,
      },
    ]);
  });

  it('keeps quiet below its level', () => {
    const { logger, text } = buildLogger('warn');
    logger.info('payment settled');
    expect(text()).toBe('');
  });

  it.each([
    'authorization',
    'Proxy-Authorization',
    'PAYMENT-SIGNATURE',
    'X-PAYMENT',
    'payment-response',
    'X402-Pass',
    'X402-Payment-Proof',
    'sign-in-with-x',
    'cookie',
    'set-cookie',
    'key',
    'apiKey',
    'api_key',
    'masterKey',
    'TOLLBOOK_MASTER_KEY',
    'secret',
    'webhookSecret',
    'password',
    'adminPassword',
    'signature',
    'privateKey',
    'evmPrivateKey',
    'secret_key',
    'invoice_id',
    'payload_sealed',
    'accessToken',
    'headers',
    'rawHeaders',
  ])('never shows the field %s, at any depth, in fields or bindings', (name) => {
    const { logger, text, lines } = buildLogger();
    logger.info({ [name]: CANARY, a: { b: [{ [name]: { nested: CANARY } }] } }, 'request refused');
    logger
      .child({ [name]: CANARY })
      .child({ deeper: { [name]: CANARY } })
      .info('request refused');
    expect(text()).not.toContain(CANARY);
    expect(lines()[0]).toMatchObject({ [name]: '[redacted]' });
  });

  it('shows ids, hashes and amounts', () => {
    const { logger, lines } = buildLogger();
    const fields = { intent_id: 'pi_1', tx_hash: '0xab', key_id: 3, replay_key_kind: 'evm', public_key: '0x02' };
    logger.info({ ...fields, amountAtomic: 10n ** 30n }, 'transfer recorded');
    expect(lines()[0]).toMatchObject({ ...fields, amountAtomic: '1000000000000000000000000000000' });
  });

  it.each([
    `postgres://tollbook:${CANARY}@db:5432/tollbook`,
    `rediss://:${CANARY}@cache:6379`,
    `postgres://tollbook:p@${CANARY}@db/tollbook`,
    `tbk_live_${'a'.repeat(50)}${CANARY}`,
    `inv_${'a'.repeat(80)}${CANARY}`,
    `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw${CANARY}`,
  ])('scrubs %s from messages, fields, bindings and errors', (secret) => {
    const { logger, text } = buildLogger();
    logger.info(`connecting to ${secret}`);
    logger.info('connecting to %s', secret);
    logger.child({ target: secret }).info({ target: secret }, 'connected');
    logger.error(new Error(`lost ${secret}`, { cause: new Error(secret) }));
    expect(text()).not.toContain(CANARY);
  });

  it('still says which host and user a connection went to', () => {
    const { logger, lines } = buildLogger();
    logger.info({ target: 'postgres://tollbook:secret@db:5432/tollbook', mail: 'a@b.example' }, 'connected');
    expect(lines()[0]).toMatchObject({ target: 'postgres://tollbook:***@db:5432/tollbook', mail: 'a@b.example' });
  });

  it('leaves a line valid JSON when a URL is followed by an address with an at sign', () => {
    const { logger, lines } = buildLogger();
    logger.info({ url: 'http://127.0.0.1:4020', mail: 'owner@example.com' }, 'started');
    expect(lines()[0]).toMatchObject({ url: 'http://127.0.0.1:4020', mail: 'owner@example.com' });
  });

  it('shows stacks from level error on, and causes at every level', () => {
    const { logger, lines } = buildLogger();
    const error = Object.assign(new Error('send failed', { cause: new TypeError('bad host') }), { code: 'E1' });
    logger.warn({ err: error }, 'delivery failed');
    logger.error({ err: error }, 'delivery failed');
    const [warning, failure] = lines();
    expect(warning?.err).toEqual({
      type: 'Error',
      message: 'send failed',
      code: 'E1',
      cause: { type: 'TypeError', message: 'bad host' },
    });
    expect(failure?.err).toMatchObject({ stack: expect.stringContaining('create-logger.test'), code: 'E1' });
  });

  it('shows neither row values nor bound parameters of a failed query', () => {
    const { logger, text } = buildLogger();
    const detail = { detail: `Key (hash)=(${CANARY})`, parameters: [CANARY], constraint: 'api_keys_lookup_key' };
    logger.error({ err: Object.assign(new Error(`Failed query: insert\nparams: ${CANARY}`), detail) }, 'query failed');
    expect(text()).not.toContain(CANARY);
    expect(text()).toContain('api_keys_lookup_key');
  });

  it('takes an error alone, and uses its message', () => {
    const { logger, lines } = buildLogger();
    logger.fatal(new RangeError('out of ports'));
    expect(lines()[0]).toMatchObject({ level: 'fatal', msg: 'out of ports', err: { type: 'RangeError' } });
  });

  it('shows method, path and status of a raw request and reply, not its headers or query', () => {
    const { logger, lines, text } = buildLogger();
    const req = { method: 'GET', url: `/g/demo/weather?pass=${CANARY}`, headers: { cookie: CANARY } };
    logger.info({ req, res: { statusCode: 402, headers: { x: CANARY } } }, 'request completed');
    expect(lines()[0]).toMatchObject({ req: { method: 'GET', path: '/g/demo/weather' }, res: { statusCode: 402 } });
    expect(text()).not.toContain(CANARY);
  });

  it('redacts objects that are spliced into the message', () => {
    const { logger, text } = buildLogger();
    logger.info('connected with %o', { password: CANARY });
    logger.info({}, 'connected with %j', { password: CANARY });
    expect(text()).not.toContain(CANARY);
  });

  it('survives what cannot be printed: cycles, bytes, functions', () => {
    const { logger, lines } = buildLogger();
    const cycle: Record<string, unknown> = { bytes: new Uint8Array(32), run: () => 1 };
    cycle.self = cycle;
    logger.info({ cycle }, 'looked at a cycle');
    expect(lines()[0]).toMatchObject({ cycle: { bytes: '[32 bytes]' } });
  });
});
