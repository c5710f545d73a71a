import { createServer, type Server } from 'node:net';
import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMigratedDatabase, testServer } from '../test/migrated-database.js';
import { createPool, type PoolOptions } from './connect.js';

const common = { role: 'tollbook_app', max: 2, applicationName: 'connect-test' } as const;

let database: TestDatabase;

async function withPool<T>(options: Partial<PoolOptions>, work: (pool: pg.Pool) => Promise<T>, url = database.url) {
  const pool = createPool(url, { ...common, ...options });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function settings(pool: pg.Pool, ...names: string[]): Promise<string[]> {
  const { rows } = await pool.query<{ value: string }>(
    `select current_setting(name) as value from unnest($1::text[]) with ordinality u (name, place) order by place`,
    [names],
  );
  return rows.map(({ value }) => value);
}

beforeAll(async () => {
  database = await createMigratedDatabase();
});

afterAll(async () => {
  await database?.drop();
});

describe('createPool', () => {
  it.each(['tollbook_app', 'tollbook_worker', 'tollbook_reader'] as const)('acts as %s', async (role) => {
    const rows = await withPool({ role }, async (pool) => (await pool.query('select current_user as role')).rows);
    expect(rows).toEqual([{ role }]);
  });

  it('keeps the options of the URL, and lets the role win', async () => {
    const url = `${database.url}?options=${encodeURIComponent('-c work_mem=8MB -c role=tollbook_worker')}`;
    const found = await withPool({}, (pool) => settings(pool, 'work_mem', 'role', 'application_name'), url);
    expect(found).toEqual(['8MB', 'tollbook_app', 'connect-test']);
  });

  it('commits softly only on request, and limits statements only on request', async () => {
    const names = ['synchronous_commit', 'statement_timeout'];
    const soft = { isSoftCommit: true, statementTimeoutMs: 1_500 };
    expect(await withPool(soft, (pool) => settings(pool, ...names))).toEqual(['off', '1500ms']);
    const [, limit] = await withPool({}, (pool) => settings(pool, ...names));
    expect(limit).toBe('0');
  });

  it('reads int8 as bigint, numeric and date as text, timestamptz as Date, bytea as bytes', async () => {
    const query = `select 9007199254740993::int8 as i, (2::numeric ^ 256 - 1)::numeric(78,0) as n, date '2026-11-20' as d,
      timestamptz '2026-11-20 10:00:00.5Z' as t, '\\x00ff'::bytea as b, 7::int4 as small`;
    const rows = await withPool({}, async (pool) => (await pool.query(query)).rows);
    expect(rows).toEqual([
      {
        i: 9_007_199_254_740_993n,
        n: (2n ** 256n - 1n).toString(),
        d: '2026-11-20',
        t: new Date('2026-11-20T10:00:00.500Z'),
        b: Buffer.from([0, 255]),
        small: 7,
      },
    ]);
  });

  it('gives up on a database that does not answer within a second', async () => {
    const server: Server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const startedAt = performance.now();
    const url = `postgres://tollbook@127.0.0.1:${port}/tollbook`;
    await expect(withPool({}, (pool) => pool.query('select 1'), url)).rejects.toThrow('timeout');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await new Promise((resolve) => server.close(resolve));
  });

  it('outlives a connection that is cut while it is lent out', async () => {
    const admin = new pg.Client({ connectionString: testServer().adminUrl });
    await admin.connect();
    const errors: string[] = [];
    const onError = (error: Error) => errors.push(error.message);
    await withPool({ onError, max: 1 }, async (pool) => {
      const client = await pool.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await expect.poll(() => errors.length).toBeGreaterThan(0);
      client.release(true);
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    });
    await admin.end();
  });
});
