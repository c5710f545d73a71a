import { readFile } from 'node:fs/promises';
import { createTestDatabase, type TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '../test/migrated-database.js';
import { migrate } from './migrate.js';

const journalFile = new URL('../../../migrations/meta/_journal.json', import.meta.url);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(testServer());
});

afterAll(async () => {
  await database?.drop();
});

describe('migrate', () => {
  it('does the work once when three start together, in the order of the journal', async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, { log })));
    const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(journalFile, 'utf8'));
    const names = journal.entries.map(({ tag }) => tag);
    expect(results.map(({ applied }) => applied).filter((applied) => applied.length > 0)).toEqual([names]);
    expect(lines.filter((line) => line.startsWith('applied'))).toEqual(
      names.map((name) => `applied migration ${name}`),
    );
    expect(lines.filter((line) => line.startsWith('made'))).toHaveLength(1);
  });

  it('applies nothing to a database that is up to date', async () => {
    expect(await migrate(database.url)).toEqual({ applied: [] });
  });

  it('names every migration by number, verb and noun', async () => {
    const journal: { entries: { idx: number; tag: string }[] } = JSON.parse(await readFile(journalFile, 'utf8'));
    for (const { idx, tag } of journal.entries) {
      expect(tag).toMatch(new RegExp(`^${String(idx).padStart(4, '0')}_[a-z]+(_[a-z]+)+$`));
    }
  });

  it('seeds the networks and their dollar', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      `select n.network_id, caip2, mode, confirm_depth, encode(contract, 'hex') as contract, decimals, eip712_name
       from networks n join assets a on a.network_id = n.network_id order by 1`,
    );
    await client.end();
    expect(rows).toEqual([
      {
        network_id: 1,
        caip2: 'eip155:84532',
        mode: 'test',
        confirm_depth: 2,
        contract: '036cbd53842c5426634e7929541ec2318f3dcf7e',
        decimals: 6,
        eip712_name: 'USDC',
      },
      {
        network_id: 2,
        caip2: 'eip155:8453',
        mode: 'live',
        confirm_depth: 2,
        contract: '833589fcd6edb6e08f4c7c32d4f71b54bda02913',
        decimals: 6,
        eip712_name: 'USD Coin',
      },
      {
        network_id: 3,
        caip2: 'eip155:137',
        mode: 'live',
        confirm_depth: 5,
        contract: '3c499c542cef5e3811e1192ce70d8cc03d5c3359',
        decimals: 6,
        eip712_name: 'USD Coin',
      },
      {
        network_id: 4,
        caip2: 'eip155:1',
        mode: 'live',
        confirm_depth: 5,
        contract: 'a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
        decimals: 6,
        eip712_name: 'USD Coin',
      },
      {
        network_id: 5,
        caip2: 'eip155:42161',
        mode: 'live',
        confirm_depth: 8,
        contract: 'af88d065e77c8cc2239327c5edb3a432268e5831',
        decimals: 6,
        eip712_name: 'USD Coin',
      },
      {
        network_id: 6,
        caip2: 'eip155:43114',
        mode: 'live',
        confirm_depth: 2,
        contract: 'b97ef9ef8734c71904d8002f8b6bc66dd9c48a6e',
        decimals: 6,
        eip712_name: 'USD Coin',
      },
    ]);
  });

  it('rejects when the database cannot be reached', async () => {
    const url = new URL(database.url);
    url.port = '1';
    await expect(migrate(url.href)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
