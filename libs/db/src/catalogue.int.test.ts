import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appendOnlyTables,
  catalogueTables,
  expectedTriggers,
  keyOrderExemptions,
  undatedTables,
  untiedTables,
} from '../test/catalogue-expectation.js';
import { createMigratedDatabase } from '../test/migrated-database.js';
import { databaseRoles } from './roles.js';

/** Every table of ours but the partitions, which are reached through their parents alone. */
const ourTables = `select c.oid, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as is_forced,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'book_id') as has_book
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;
const bookPolicy = `(book_id = ( SELECT (NULLIF(current_setting('tollbook.book_id'::text, true), ''::text))::integer AS "nullif"))`;

let database: TestDatabase;
let client: pg.Client;

async function names(query: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(query, values);
  return rows.map((row) => row.name).sort();
}

beforeAll(async () => {
  database = await createMigratedDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

describe('tenancy in the catalogue', () => {
  it('forces row-level security on every table with a book, but the catalogue', async () => {
    const unforced = await names(
      `select name from (${ourTables}) t where has_book and not is_forced and name <> all ($1)`,
      [catalogueTables],
    );
    expect(unforced).toEqual([]);
  });

  it('gives each of them the two policies, in exactly the form that indexes can use', async () => {
    const tables = await names(`select name from (${ourTables}) t where has_book and name <> all ($1)`, [
      catalogueTables,
    ]);
    const { rows } = await client.query(
      `select tablename, policyname, permissive, roles::text[], cmd, qual, with_check from pg_policies
       where tablename not in ('data_keys', 'audit_log', 'audit_heads') order by tablename, policyname`,
    );
    const expected = tables.flatMap((tablename) => [
      {
        tablename,
        policyname: 'all_books',
        permissive: 'PERMISSIVE',
        roles: ['tollbook_worker'],
        cmd: 'ALL',
        qual: 'true',
        with_check: null,
      },
      {
        tablename,
        policyname: 'one_book',
        permissive: 'PERMISSIVE',
        roles: ['tollbook_app', 'tollbook_reader'],
        cmd: 'ALL',
        qual: bookPolicy,
        with_check: null,
      },
    ]);
    expect(rows).toEqual(expected);
  });

  it('protects data keys and the audit log by merchant', async () => {
    const forced = await names(`select name from (${ourTables}) t where is_forced and not has_book`);
    expect(forced).toEqual(['audit_heads', 'audit_log', 'data_keys']);
  });

  it('begins every key of a table with a book by that book', async () => {
    const others = await names(
      `select c.relname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
       where k.contype = 'p' and a.attname <> 'book_id' and k.conrelid in (select oid from (${ourTables}) t where has_book)
         and c.relname <> all ($1)`,
      [catalogueTables],
    );
    expect(others).toEqual(Object.keys(keyOrderExemptions));
  });

  it('carries the book in every foreign key between tables with a book', async () => {
    const crossing = await names(
      `select k.conname as name from pg_constraint k
       join (${ourTables}) own on own.oid = k.conrelid join (${ourTables}) other on other.oid = k.confrelid
       where k.contype = 'f' and own.has_book and other.has_book
         and not exists (
           select from unnest(k.conkey, k.confkey) with ordinality as pair (ours, theirs, place)
           join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.ours
           join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.theirs
           where pair.place = 1 and a.attname = 'book_id' and b.attname = 'book_id')`,
    );
    expect(crossing).toEqual([]);
  });

  it('ties every book to its merchant, but where a reason stands beside the table', async () => {
    const untied = await names(
      `select name from (${ourTables}) t where has_book and not exists (
         select from pg_constraint k join (${ourTables}) other on other.oid = k.confrelid
         where k.contype = 'f' and k.conrelid = t.oid and (other.has_book or t.name = 'books'))`,
    );
    expect(untied).toEqual(Object.keys(untiedTables).sort());
  });

  it('lets no role reach a partition past its parent', async () => {
    const reachable = await names(
      `select c.relname as name from pg_class c, unnest($1::text[]) role
       where c.relispartition and c.relkind = 'r' and has_table_privilege(role, c.oid, 'select, insert, update, delete')`,
      [databaseRoles],
    );
    expect(reachable).toEqual([]);
  });
});

describe('types and rules in the catalogue', () => {
  it('knows no enum and no floating point', async () => {
    const types = await names(
      `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_type t on t.oid = a.atttypid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
         and (t.typtype = 'e' or t.typname in ('float4', 'float8', 'money', 'json', 'timestamp'))`,
    );
    expect(types).toEqual([]);
  });

  it('holds every amount as numeric(78,0), and nothing else as numeric', async () => {
    const { rows } = await client.query<{ column: string; type: string }>(
      `select c.relname || '.' || a.attname as column, format_type(a.atttypid, a.atttypmod) as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
         and (a.attname like '%\\_atomic' or a.atttypid = 'numeric'::regtype)`,
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ column, type }) => !column.endsWith('_atomic') || type !== 'numeric(78,0)')).toEqual([]);
  });

  it('dates every row, but where a reason stands beside the table', async () => {
    const undated = await names(
      `select name from (${ourTables}) t where not exists (
         select from pg_attribute a where a.attrelid = t.oid and a.attname = 'created_at')`,
    );
    expect(undated).toEqual(Object.keys(undatedTables).sort());
  });

  it('has exactly the triggers that the specification lists', async () => {
    const { rows } = await client.query<{ table: string; triggers: string[] }>(
      `select c.relname as table, array_agg(t.tgname::text order by t.tgname) as triggers
       from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal group by 1 order by 1`,
    );
    expect(Object.fromEntries(rows.map(({ table, triggers }) => [table, triggers]))).toEqual(expectedTriggers);
  });

  it('lets no role change or delete a row of an append-only table', async () => {
    const grants = await names(
      `select role || ' ' || privilege || ' ' || name as name
       from unnest($1::text[]) as name, unnest($2::text[]) as role, unnest(array['update', 'delete', 'truncate']) privilege
       where has_table_privilege(role, name, privilege)`,
      [appendOnlyTables, databaseRoles],
    );
    expect(grants).toEqual([]);
  });

  it('lets the api write neither chain nor ledger, and the reader nothing at all', async () => {
    const writable = await names(
      `select distinct t.name from (${ourTables}) t, unnest(array['insert', 'update', 'delete', 'truncate']) privilege
       where has_table_privilege('tollbook_reader', t.oid, privilege)
          or (has_table_privilege('tollbook_app', t.oid, privilege) and t.name in (
            'transfers', 'allocations', 'cursors', 'block_headers', 'ledger_accounts', 'ledger_heads',
            'ledger_entries', 'ledger_postings', 'invoice_counters', 'event_feed', 'feed_heads', 'leases', 'networks',
            'assets'))`,
    );
    expect(writable).toEqual([]);
  });

  it('keeps secrets from the reader', async () => {
    const readable = await names(
      `select name from unnest(array['seal_keys', 'data_keys', 'gas_signers', 'api_keys', 'paid_answers']) name
       where has_table_privilege('tollbook_reader', name, 'select')`,
    );
    expect(readable).toEqual([]);
  });

  it('stores with the room and the vacuum that were measured', async () => {
    const { rows } = await client.query<{ name: string; options: string[] }>(
      `select relname as name, reloptions as options from pg_class
       where relnamespace = 'public'::regnamespace and reloptions is not null order by 1`,
    );
    expect(Object.fromEntries(rows.map(({ name, options }) => [name, options.join(' ')]))).toMatchObject({
      attempts: 'fillfactor=70',
      payment_intents: 'fillfactor=80',
      ledger_heads: 'fillfactor=50',
      outbox: 'autovacuum_vacuum_scale_factor=0 autovacuum_vacuum_threshold=5000',
      ledger_entries: 'autovacuum_vacuum_insert_scale_factor=0.05',
    });
  });
});
