import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookRows, insertRow, type Row, seedBook, setScope } from '../test/book-rows.js';
import { createMigratedDatabase } from '../test/migrated-database.js';
import {
  exemptConstraints,
  freshColumns,
  listedConstraints,
  listedTriggers,
  otherUuid,
  type RefusedWrite,
} from '../test/refused-writes.js';

type Constraint = {
  readonly name: string;
  readonly table: string;
  readonly kind: 'c' | 'f' | 'p' | 'u';
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly keyColumns: readonly string[];
};

const codes = { c: '23514', f: '23503', p: '23505', u: '23505', trigger: '23001' };
const rows = bookRows(1);
const scope = { ...rows.get('books') };
/** Values that no row has, by type, for columns that must be new and for keys that must be missing. */
const foreignValues: Readonly<Record<string, unknown>> = {
  uuid: otherUuid,
  integer: 30_000,
  smallint: 30_000,
  bigint: 30_000,
};
/** What each rule that a column builder brings refuses. */
const refusedByRule: Readonly<Record<string, unknown>> = {
  length: Buffer.alloc(1),
  listed: 'nonsense',
  positive: 0,
  range: -1,
};

let database: TestDatabase;
let client: pg.Client;
let constraints: readonly Constraint[];

/** The roles of a process come first; what neither may write belongs to migrations, and so to the owner. */
async function writerOf(table: string, privilege: 'insert' | 'update' | 'delete'): Promise<string> {
  const { rows: roles } = await client.query<{ role: string }>(
    `select role from unnest(array['tollbook_app', 'tollbook_worker']) role
     where has_table_privilege(role, $1, $2) or has_any_column_privilege(role, $1, $3)`,
    [table, privilege, privilege === 'delete' ? 'update' : privilege],
  );
  return roles[0]?.role ?? 'none';
}

async function refusal(table: string, write: RefusedWrite): Promise<{ code?: string; constraint?: string } | null> {
  const isDelete = 'update' in write && write.update === 'delete';
  const role = await writerOf(table, 'insert' in write ? 'insert' : isDelete ? 'delete' : 'update');
  await client.query('begin');
  try {
    await setScope(client, 'insert' in write ? { ...scope, ...write.insert } : scope);
    await client.query(`set local role ${role}`);
    if ('insert' in write) await insertRow(client, table, { ...rowOf(table), ...write.insert });
    else {
      for (const before of write.after ?? []) await client.query(before);
      const where = Object.entries(rowOf(table)).slice(0, 2);
      const text = where.map(([column], at) => `${column} = $${at + 1}`).join(' and ');
      const statement = isDelete ? `delete from ${table}` : `update ${table} ${write.update}`;
      await client.query(
        `${statement} where ${text}`,
        where.map(([, value]) => value),
      );
    }
    await client.query('set constraints all immediate');
    return null;
  } catch (error) {
    return error instanceof pg.DatabaseError
      ? { code: error.code ?? '', constraint: withoutPeriod(error.constraint ?? '') }
      : null;
  } finally {
    await client.query('rollback');
  }
}

/** A partition's own constraints carry its period in their names. */
function withoutPeriod(name: string): string {
  return name.replace(/_[0-9]{8}(?=_)/, '');
}

function rowOf(table: string): Row {
  return rows.get(table) ?? seededRows[table] ?? {};
}

const seededRows: Readonly<Record<string, Row>> = {
  networks: { network_id: 1, caip2: 'eip155:84532', mode: 'test', family: 'evm', block_ms: 2000, confirm_depth: 2 },
  assets: {
    asset_id: 1,
    network_id: 1,
    contract: Buffer.from('036cbd53842c5426634e7929541ec2318f3dcf7e', 'hex'),
    symbol: 'USDC',
    decimals: 6,
  },
};

/** The write that a constraint of a plain shape refuses; null when its shape tells nothing. */
function derive(constraint: Constraint): RefusedWrite | null {
  const { kind, table, columns, types, keyColumns, name } = constraint;
  if (kind === 'p') return { insert: {} };
  const fresh = freshKey(table, keyColumns);
  if (kind === 'f') {
    const at = columns.length - 1;
    return { insert: { ...fresh, [columns[at] ?? '']: foreignValues[types[at] ?? ''] } };
  }
  const rule = name.slice(name.lastIndexOf('_') + 1);
  const [column] = columns;
  if (kind === 'u' || columns.length !== 1 || column === undefined || !(rule in refusedByRule)) return null;
  return { insert: { ...fresh, [column]: refusedByRule[rule] } };
}

/** The last column of the primary key, changed, so that the row is another one. */
function freshKey(table: string, keyColumns: readonly string[]): Row {
  const column = keyColumns[keyColumns.length - 1] ?? '';
  const value = rowOf(table)[column];
  const fresh = freshColumns[table] ?? {};
  if (value instanceof Buffer) return { ...fresh, [column]: Buffer.alloc(value.length, 99) };
  if (typeof value === 'number') return { ...fresh, [column]: 70 };
  return { [column]: column.endsWith('_id') ? otherUuid : 'another', ...fresh };
}

beforeAll(async () => {
  database = await createMigratedDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await seedBook(client, 1);
  await seedBook(client, 2);
  const { rows: found } = await client.query<Constraint>(
    `with named as (
       select conname as name, conrelid, contype as kind, conkey as key from pg_constraint where contype in ('c', 'f', 'p', 'u')
       union all
       select c.relname, i.indrelid, 'u', i.indkey::int2[] from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indisunique and not exists (select from pg_constraint k where k.conindid = i.indexrelid))
     select n.name, c.relname as table, n.kind::text, a.columns, a.types, coalesce(p.columns, '{}') as "keyColumns"
     from named n join pg_class c on c.oid = n.conrelid
     left join pg_constraint pk on pk.conrelid = c.oid and pk.contype = 'p'
     cross join lateral (select array_agg(attname::text order by place) columns,
         array_agg(format_type(atttypid, null) order by place) types
       from unnest(n.key) with ordinality u (num, place) join pg_attribute on attrelid = c.oid and attnum = num) a
     left join lateral (select array_agg(attname::text order by place) columns
       from unnest(pk.conkey) with ordinality u (num, place) join pg_attribute on attrelid = c.oid and attnum = num) p on true
     where c.relnamespace = 'public'::regnamespace and not c.relispartition and c.relkind in ('r', 'p') order by n.name`,
  );
  constraints = found;
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

describe('constraints', () => {
  it('accept the rows that the refused ones are made from', async () => {
    const { rows: found } = await client.query(`select count(*)::int as count from payment_intents`);
    expect(found).toEqual([{ count: 2 }]);
  });

  it('each refuse a write of a process, or stand in the list of those that cannot be broken', async () => {
    const findings: string[] = [];
    for (const constraint of constraints) {
      const { name, table, kind } = constraint;
      if (name in exemptConstraints) continue;
      const write = listedConstraints[name] ?? derive(constraint);
      const met = write && (await refusal(table, write));
      if (met?.code !== codes[kind] || met.constraint !== name) {
        findings.push(`${name}: ${met ? `${met.code} ${met.constraint}` : write ? 'accepted' : 'no write listed'}`);
      }
    }
    expect(findings).toEqual([]);
    expect(constraints.length).toBeGreaterThan(200);
  });

  it('are all there that the lists name', () => {
    const present = new Set(constraints.map(({ name }) => name));
    const listed = [...Object.keys(listedConstraints), ...Object.keys(exemptConstraints)];
    expect(listed.filter((name) => !present.has(name))).toEqual([]);
  });
});

describe('triggers', () => {
  it.each(Object.entries(listedTriggers))('%s refuses a role that has the privilege', async (name, write) => {
    const table = [...rows.keys()].filter((known) => name.startsWith(`${known}_`)).sort((a, b) => b.length - a.length);
    expect(await refusal(table[0] ?? '', write)).toEqual({ code: codes.trigger, constraint: name });
  });
});
