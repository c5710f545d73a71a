import { uuidV7 } from '@tollbook/domain';
import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createMigratedDatabase } from '../test/migrated-database.js';
import { createPool } from './connect.js';
import { ensurePartitions } from './ensure-partitions.js';

const dayMs = 86_400_000;
const now = Date.now();
const bytes = Buffer.alloc(8);

let database: TestDatabase;
let worker: pg.Pool;

/** Writes an answer of an attempt made at a moment; resolves to the partition it lies in. */
async function partitionAt(moment: number): Promise<string> {
  const client = await worker.connect();
  try {
    await client.query('begin');
    await client.query('set local role tollbook_app');
    await client.query(`select set_config('tollbook.book_id', '1', true)`);
    const { rows } = await client.query<{ name: string }>(
      `insert into paid_answers (book_id, attempt_id, http_status, headers_sealed, expires_at)
       values (1, $1, 200, $2, now()) returning tableoid::regclass::text as name`,
      [uuidV7(moment, new Uint8Array(10)), bytes],
    );
    return rows[0]?.name ?? '';
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
}

/** The test's database as the superuser sees it: only he may analyze catalogs. */
function inAdminOf(url: string): string {
  const admin = new URL(inject('postgresAdminUrl'));
  admin.pathname = new URL(url).pathname;
  return admin.href;
}

const nameOf = (moment: number) => `paid_answers_${new Date(moment).toISOString().slice(0, 10).replaceAll('-', '')}`;

beforeAll(async () => {
  database = await createMigratedDatabase();
  worker = createPool(database.url, { role: 'tollbook_worker', max: 3, applicationName: 'partitions' });
});

afterAll(async () => {
  await worker?.end();
  await database?.drop();
});

describe('partitions', () => {
  it('stand ready from yesterday to two weeks ahead, cut at midnight UTC', async () => {
    const midnight = Math.floor(now / dayMs) * dayMs;
    for (const moment of [midnight - dayMs, midnight - 1, midnight, midnight + dayMs - 1, now + 14 * dayMs]) {
      expect(await partitionAt(moment)).toBe(nameOf(moment));
    }
    await expect(partitionAt(now - 3 * dayMs)).rejects.toThrow('no partition');
    await expect(partitionAt(now + 16 * dayMs)).rejects.toThrow('no partition');
  });

  it('are made once, also by two that ask at the same time', async () => {
    const tomorrow = new Date(now + dayMs);
    const [first, second] = await Promise.all([1, 2].map(() => ensurePartitions(worker, tomorrow)));
    const created = [...(first?.created ?? []), ...(second?.created ?? [])];
    expect(created).toContain(nameOf(now + 15 * dayMs));
    expect(new Set(created).size).toBe(created.length);
  });

  it('go when their time is over, by the given clock and by the database', async () => {
    const { created } = await ensurePartitions(worker, new Date(now - 80 * dayMs));
    expect(created).toContain(nameOf(now - 80 * dayMs));
    const ahead = await ensurePartitions(worker, new Date(now + 400 * dayMs));
    // A clock that runs ahead drops what is old by the database, and nothing else.
    expect(ahead.dropped).toContain(nameOf(now - 80 * dayMs));
    expect(ahead.dropped).not.toContain(nameOf(now));
    expect(ahead.dropped.some((name) => name.startsWith('event_bodies'))).toBe(true);
    expect(await partitionAt(now)).toBe(nameOf(now));
    const { dropped } = await ensurePartitions(worker, new Date(now));
    expect(dropped).toEqual([]);
  });

  it('are left for later while somebody reads them', async () => {
    await ensurePartitions(worker, new Date(now - 90 * dayMs));
    const reader = await worker.connect();
    await reader.query('begin');
    await reader.query('select from schedule_runs');
    const blocked = await ensurePartitions(worker, new Date(now));
    expect(blocked.dropped.filter((name) => name.startsWith('schedule_runs'))).toEqual([]);
    await reader.query('commit');
    reader.release();
    const { dropped } = await ensurePartitions(worker, new Date(now));
    expect(dropped.filter((name) => name.startsWith('schedule_runs'))).not.toEqual([]);
  });

  it('stand ready also once the server knows how large its catalogs are', async () => {
    // With statistics the planner reads names of all tables, not of the partitions alone.
    const admin = new pg.Client({ connectionString: inAdminOf(database.url) });
    await admin.connect();
    try {
      await admin.query('analyze pg_catalog.pg_class, pg_catalog.pg_inherits');
      const plan = await ensurePartitions(worker, new Date());
      expect(plan.dropped).toEqual([]);
    } finally {
      await admin.end();
    }
  });

  it('are not made by the api', async () => {
    const app = createPool(database.url, { role: 'tollbook_app', max: 1, applicationName: 'partitions' });
    await expect(ensurePartitions(app, new Date(now))).rejects.toThrow('permission denied');
    await app.end();
  });

  it('lie at the least id of their moment', async () => {
    const { rows } = await worker.query<{ id: string }>('select uuid_at($1) as id', [new Date(now)]);
    const least = uuidV7(now, new Uint8Array(10));
    expect(rows[0]?.id.slice(0, 13)).toBe(least.slice(0, 13));
    expect((rows[0]?.id ?? '') <= least).toBe(true);
  });
});
