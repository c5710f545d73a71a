import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookRows, insertRow, seedBook, setScope } from '../test/book-rows.js';
import { catalogueTables } from '../test/catalogue-expectation.js';
import { createMigratedDatabase } from '../test/migrated-database.js';
import { createPool } from './connect.js';
import type { DatabaseRole } from './roles.js';

const mine = bookRows(1);
const theirs = bookRows(2);
const tables = [...mine.keys()].filter((table) => {
  const row = mine.get(table) ?? {};
  return !catalogueTables.includes(table) && ('book_id' in row || table === 'data_keys');
});

let database: TestDatabase;
let pools: Readonly<Record<DatabaseRole, pg.Pool>>;

async function asRole<T>(role: DatabaseRole, work: (client: pg.PoolClient) => Promise<T>, isScoped = true): Promise<T> {
  const client = await pools[role].connect();
  try {
    await client.query('begin');
    if (isScoped) await setScope(client, mine.get('books') ?? {});
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** How many rows of each owner a role sees, for each table it may read. */
async function visible(client: pg.PoolClient): Promise<Record<string, { ours: number; others: number }>> {
  const seen: Record<string, { ours: number; others: number }> = {};
  for (const table of tables) {
    const [column, value] = table === 'data_keys' ? ['merchant_id', mine.get(table)?.merchant_id] : ['book_id', 1];
    const { rows: allowed } = await client.query(`select has_table_privilege($1, 'select') as may`, [table]);
    if (!allowed[0]?.may) continue;
    const { rows } = await client.query<{ ours: number; others: number }>(
      `select count(*) filter (where ${column} = $1)::int as ours, count(*) filter (where ${column} <> $1)::int as others
       from ${table}`,
      [value],
    );
    if (rows[0]) seen[table] = rows[0];
  }
  return seen;
}

beforeAll(async () => {
  database = await createMigratedDatabase();
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await seedBook(owner, 1);
  await seedBook(owner, 2);
  // The seeded rows name their numbers; draws begin above them.
  await owner.query('alter table books alter book_id restart with 100');
  await owner.query('alter table outbox alter outbox_id restart with 100');
  await owner.end();
  const pool = (role: DatabaseRole) => createPool(database.url, { role, max: 2, applicationName: 'tenancy' });
  pools = {
    tollbook_app: pool('tollbook_app'),
    tollbook_worker: pool('tollbook_worker'),
    tollbook_reader: pool('tollbook_reader'),
  };
});

afterAll(async () => {
  for (const pool of Object.values(pools ?? {})) await pool.end();
  await database?.drop();
});

describe.each(['tollbook_app', 'tollbook_reader'] as const)('%s', (role) => {
  it('sees the rows of the book that is set, and of no other', async () => {
    const seen = await asRole(role, visible);
    expect(Object.keys(seen).length).toBeGreaterThan(15);
    for (const [table, { ours, others }] of Object.entries(seen)) {
      expect(ours, table).toBeGreaterThan(0);
      expect(others, table).toBe(0);
    }
  });

  it('sees nothing while no book is set, nor after one was', async () => {
    const nothing = async (client: pg.PoolClient) =>
      Object.values(await visible(client)).reduce((sum, { ours, others }) => sum + ours + others, 0);
    expect(await asRole(role, nothing, false)).toBe(0);
    const client = await pools[role].connect();
    try {
      await client.query('begin');
      await setScope(client, mine.get('books') ?? {});
      await client.query('commit');
      expect(await nothing(client)).toBe(0);
    } finally {
      client.release();
    }
  });
});

describe('tollbook_app', () => {
  it.each(tables)('cannot write a row of another book into %s', async (table) => {
    const row = theirs.get(table) ?? {};
    const refused = await asRole('tollbook_app', (client) => insertRow(client, table, row).then(String, String));
    expect(refused).toMatch(/permission denied|violates row-level security policy/);
  });

  it('changes and deletes nothing of another book', async () => {
    await asRole('tollbook_app', async (client) => {
      const update = await client.query(`update payment_intents set amount_refunded_atomic = 1 where book_id = 2`);
      const remove = await client.query(`delete from replay_keys where book_id = 2`);
      expect([update.rowCount, remove.rowCount]).toEqual([0, 0]);
    });
  });

  it('moves none of its own rows into another book', async () => {
    const move = `update wallet_assets set book_id = 2`;
    const refused = await asRole('tollbook_app', (client) => client.query(move).then(String, String));
    expect(refused).toMatch(/violates row-level security policy/);
  });

  it('draws the numbers of identity columns', async () => {
    await asRole('tollbook_app', async (client) => {
      const merchantId = theirs.get('merchants')?.merchant_id;
      const { rows } = await client.query(
        `insert into books (merchant_id, mode, gate_slug) values ($1, 'live', 'drawn') returning book_id`,
        [merchantId],
      );
      expect(rows).toEqual([{ book_id: expect.any(Number) }]);
      await client.query(`insert into outbox (book_id, event_id) values (1, $1)`, [mine.get('events')?.event_id]);
    });
  });
});

describe('tollbook_worker', () => {
  it('sees every book, whatever is set', async () => {
    const seen = await asRole('tollbook_worker', visible, false);
    for (const [table, { ours, others }] of Object.entries(seen)) {
      expect(ours, table).toBeGreaterThan(0);
      expect(others, table).toBeGreaterThan(0);
    }
  });
});

describe('look-ups before a book is known', () => {
  const findKey = (client: pg.PoolClient) => client.query(`select book_id, key_hash from find_api_key('k2')`);
  const findTerms = (client: pg.PoolClient) => client.query(`select book_id, number from find_terms(2)`);

  it('give the one row asked for', async () => {
    const key = await asRole('tollbook_app', findKey, false);
    expect(key.rows).toEqual([{ book_id: 2, key_hash: theirs.get('api_keys')?.key_hash }]);
    const terms = await asRole('tollbook_app', findTerms, false);
    expect(terms.rows).toEqual([{ book_id: 2, number: 2n }]);
  });

  it('give no row for what does not exist', async () => {
    const none = await asRole('tollbook_app', (client) => client.query(`select * from find_api_key('k')`), false);
    expect(none.rows).toEqual([]);
  });

  it('are closed to the reader', async () => {
    await expect(asRole('tollbook_reader', findKey, false)).rejects.toThrow('permission denied');
    await expect(asRole('tollbook_reader', findTerms, false)).rejects.toThrow('permission denied');
  });
});
