import {
  attemptMoves,
  attemptStatuses,
  deliveryMoves,
  deliveryStatuses,
  intentMoves,
  intentStatuses,
  refundMoves,
} from '@tollbook/domain';
import type { TestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bookRows, insertRow, seedBook, setScope } from '../test/book-rows.js';
import { appendOnlyTables, expectedTriggers } from '../test/catalogue-expectation.js';
import { createMigratedDatabase } from '../test/migrated-database.js';
import { otherUuid } from '../test/refused-writes.js';

type Moves = readonly (readonly [from: string, to: string])[];

const rows = bookRows(1);
const attempt = rows.get('attempts') ?? {};
/** Columns that each status asks for, so that no constraint but the move itself is in question. */
const attemptColumns: Readonly<Record<string, string>> = {
  failed: `reason = 'interrupted', released_at = case when sent_at is null then now() end`,
  final: `payload_sealed = null`,
  ...Object.fromEntries(
    ['submitting', 'submitted', 'unknown', 'confirmed'].map((status) => [status, 'sent_at = coalesce(sent_at, now())']),
  ),
};
const numbered = `confirmed_at = now(), invoice_year = 2026, invoice_no = 1`;
const intentColumns: Readonly<Record<string, string>> = {
  failed: `failure_reason = 'interrupted'`,
  confirmed: `failure_reason = null, ${numbered}`,
  final: `failure_reason = null, final_at = now(), ${numbered}`,
};

let database: TestDatabase;
let client: pg.Client;

/** Resolves to the name of the rule that refused, or null. */
async function refusalOf(text: string, values: unknown[] = []): Promise<string | null> {
  await client.query('savepoint tried');
  try {
    await client.query(text, values);
    return null;
  } catch (error) {
    return error instanceof pg.DatabaseError ? `${error.code} ${error.constraint ?? ''}` : String(error);
  } finally {
    await client.query('rollback to savepoint tried');
  }
}

/** The shortest way from the first status to each one that can be reached. */
function waysTo(first: string, moves: Moves): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([[first, []]]);
  for (const [at, way] of ways) {
    for (const [from, to] of moves) if (from === at && !ways.has(to)) ways.set(to, [...way, to]);
  }
  return ways;
}

/** Tries every pair of statuses against a row led to the first by permitted moves; resolves to what was accepted. */
async function acceptedMoves(
  statuses: readonly string[],
  ways: Map<string, readonly string[]>,
  update: (status: string) => string,
): Promise<string[]> {
  const accepted: string[] = [];
  for (const from of statuses) {
    for (const to of statuses.filter((status) => status !== from)) {
      await client.query('savepoint began');
      for (const step of ways.get(from) ?? []) await client.query(update(step));
      if ((await refusalOf(update(to))) === null) accepted.push(`${from}>${to}`);
      await client.query('rollback to savepoint began');
    }
  }
  return accepted.sort();
}

const textOf = (moves: Moves) => moves.map(([from, to]) => `${from}>${to}`).sort();

beforeAll(async () => {
  database = await createMigratedDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await seedBook(client, 1);
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

beforeEach(async () => {
  await client.query('begin');
  await setScope(client, rows.get('books') ?? {});
});

afterEach(async () => {
  await client.query('rollback');
});

describe('closed tables of moves', () => {
  it.each([
    ['attempt_moves', attemptMoves],
    ['delivery_moves', deliveryMoves],
    ['intent_moves', intentMoves],
    ['refund_moves', refundMoves],
  ])('%s() is the list of the domain', async (name, moves) => {
    const { rows: found } = await client.query<{ moves: string[] }>(`select ${name}() as moves`);
    const literals = textOf(moves).map((move) => `'${move}'`);
    const migration = `create or replace function ${name}() returns text[] language sql immutable parallel safe as $$
      select array[${literals.join(', ')}] $$;`;
    expect(found[0]?.moves.toSorted(), `a new migration has to say:\n${migration}`).toEqual(textOf(moves));
  });

  it('lets an attempt make exactly the moves of the domain, as the api', async () => {
    await client.query('set local role tollbook_app');
    const update = (status: string) =>
      `update attempts set ${[`status = '${status}'`, attemptColumns[status]].filter(Boolean).join(', ')}`;
    const accepted = await acceptedMoves(attemptStatuses, waysTo('claimed', attemptMoves), update);
    expect(accepted).toEqual(textOf(attemptMoves));
  });

  it('lets an intent make exactly the moves of the domain, as the worker', async () => {
    await client.query('set local role tollbook_worker');
    const update = (status: string) =>
      `update payment_intents set status = '${status}', sequence = sequence + 1,
        ${intentColumns[status] ?? 'failure_reason = null'}`;
    const accepted = await acceptedMoves(intentStatuses, waysTo('open', intentMoves), update);
    expect(accepted).toEqual(textOf(intentMoves));
  });
});

describe('deliveries', () => {
  const update = (status: string) =>
    `update deliveries set status = '${status}', next_attempt_at = ${status === 'pending' ? 'now()' : 'null'},
      done_at = ${status === 'pending' ? 'null' : 'now()'}`;

  it('make exactly the moves of the domain, as the api and as the worker', async () => {
    for (const role of ['tollbook_app', 'tollbook_worker']) {
      await client.query(`set local role ${role}`);
      const accepted = await acceptedMoves(deliveryStatuses, waysTo('pending', deliveryMoves), update);
      expect(accepted).toEqual(textOf(deliveryMoves));
    }
  });

  it('freeze what they tell whom, and nothing else', async () => {
    expect(await frozenColumns('deliveries')).toEqual([
      'book_id',
      'created_at',
      'delivery_id',
      'event_id',
      'webhook_endpoint_id',
    ]);
  });

  it('count tries upward, until a resend begins again', async () => {
    await client.query('set local role tollbook_worker');
    await client.query('update deliveries set tries = 3');
    expect(await refusalOf('update deliveries set tries = 2')).toBe('23001 deliveries_tries_rise');
    expect(await refusalOf('update deliveries set tries = 0')).toBe(null);
  });
});

describe('intents', () => {
  it.each([
    ['an event with its status', `status = 'processing', sequence = sequence + 1`, null],
    ['an event that moves no status', `sequence = sequence + 1`, null],
    ['a payer without an event', `payer = decode(repeat('01', 20), 'hex')`, null],
    ['a refund without an event', `amount_refunded_atomic = 5`, null],
    ['a status without an event', `status = 'processing'`, '23001 payment_intents_next_sequence'],
    ['two events at once', `sequence = sequence + 2`, '23001 payment_intents_next_sequence'],
    ['a step back', `sequence = -1`, '23001 payment_intents_next_sequence'],
  ])('take or refuse %s', async (_, change, refused) => {
    await client.query('set local role tollbook_app');
    expect(await refusalOf(`update payment_intents set ${change}`)).toBe(refused);
  });

  it('freeze each of their terms and nothing else', async () => {
    expect(await frozenColumns('payment_intents')).toEqual([
      'amount_atomic',
      'asset_id',
      'book_id',
      'created_at',
      'description',
      'endpoint_id',
      'expires_at',
      'fingerprint',
      'intent_id',
      'invoice_id',
      'memo_ref',
      'metadata',
      'network_id',
      'order_id',
      'plan_id',
      'price_version_id',
      'reference_key',
      'source',
      'terms_number',
      'wallet_id',
    ]);
  });
});

describe('attempts', () => {
  it('freeze what identifies them and nothing else', async () => {
    expect(await frozenColumns('attempts')).toEqual([
      'amount_atomic',
      'asset_id',
      'attempt_id',
      'book_id',
      'client',
      'client_net',
      'created_at',
      'intent_id',
      'kind',
      'network_id',
      'nonce',
      'payer',
      'replay_key',
      'request_fingerprint',
      'scheme',
      'valid_before',
      'x402_version',
    ]);
  });

  it('learn the payer of a shown transaction once', async () => {
    await client.query('set local role tollbook_app');
    const intent = { ...rows.get('payment_intents'), intent_id: otherUuid };
    await insertRow(client, 'payment_intents', intent);
    const shown = { ...attempt, attempt_id: otherUuid, intent_id: otherUuid, kind: 'transfer', status: 'submitted' };
    await insertRow(client, 'attempts', { ...shown, payer: null });
    const update = `update attempts set payer = decode(repeat($1, 20), 'hex') where attempt_id = '${otherUuid}'`;
    await client.query(update, ['01']);
    expect(await refusalOf(update, ['02'])).toBe('23001 attempts_identity');
  });
});

describe('replay keys', () => {
  const free = `delete from replay_keys where attempt_id = '${attempt.attempt_id}'`;
  const release = `update attempts set status = 'failed', reason = 'interrupted', released_at = now()`;

  it('leave in the statement that releases their attempt', async () => {
    await client.query('set local role tollbook_app');
    const { rowCount } = await client.query(
      `with released as (${release} where status = 'claimed' returning book_id, attempt_id)
       delete from replay_keys k using released r where k.book_id = r.book_id and k.attempt_id = r.attempt_id`,
    );
    expect(rowCount).toBe(1);
  });

  it('leave in the transaction that released it before', async () => {
    await client.query('set local role tollbook_worker');
    await client.query(release);
    expect(await refusalOf(free)).toBe(null);
  });

  it('stay once anything was sent, also when the attempt has failed', async () => {
    await client.query('set local role tollbook_worker');
    await client.query(`update attempts set status = 'submitting', sent_at = now()`);
    expect(await refusalOf(free)).toBe('23001 replay_keys_release_only');
    await client.query(`update attempts set status = 'failed', reason = 'reverted'`);
    expect(await refusalOf(free)).toBe('23001 replay_keys_release_only');
  });
});

describe('transfers', () => {
  it('are orphaned and found again', async () => {
    await client.query('set local role tollbook_worker');
    expect(await refusalOf(`update transfers set orphaned_at = now()`)).toBe(null);
    await client.query(`update transfers set orphaned_at = now()`);
    expect(await refusalOf(`update transfers set orphaned_at = null`)).toBe(null);
  });
});

describe('history', () => {
  const ownerOf = (table: string) => (table === 'audit_log' ? 'merchant_id' : 'book_id');
  const changes = (table: string, triggers: readonly string[]) => [
    ...(triggers.includes('append_only') && appendOnlyTables.includes(table)
      ? [[`update ${table} set ${ownerOf(table)} = ${ownerOf(table)}`, 'append_only']]
      : []),
    ...['delete from', 'truncate'].map((verb) => [
      `${verb} ${table} ${verb === 'truncate' ? 'cascade' : ''}`,
      triggers.includes('append_only') ? 'append_only' : 'no_delete',
    ]),
  ];
  const cases = Object.entries(expectedTriggers)
    .filter(([table]) => table !== 'replay_keys')
    .flatMap(([table, triggers]) => changes(table, triggers).map(([text, rule]) => [text, table, rule]));

  it.each(cases)('refuses "%s" to roles by privilege and to the owner by trigger', async (text = '', table, rule) => {
    expect(await refusalOf(text)).toMatch(new RegExp(`^23001 (${table}_${rule}|.*_append_only|.*_no_delete)$`));
    for (const role of ['tollbook_app', 'tollbook_worker']) {
      await client.query(`set local role ${role}`);
      expect(await refusalOf(text), role).toMatch(/^42501/);
      await client.query('reset role');
    }
  });
});

/** Columns whose change the guard refuses as such; a change that some other rule refuses is none of them. */
async function frozenColumns(table: string): Promise<string[]> {
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname`,
    [table],
  );
  const other: Readonly<Record<string, string>> = {
    bytea: `decode(repeat('4d', 32), 'hex')`,
    'timestamp with time zone': `now() + interval '1 hour'`,
    uuid: `'${otherUuid}'`,
    text: `'other'`,
    jsonb: `'{"other": true}'`,
  };
  await client.query('set local role tollbook_app');
  const frozen: string[] = [];
  for (const { name, type } of columns) {
    const refused = await refusalOf(`update ${table} set ${name} = ${other[type] ?? '77'} where book_id = 1`);
    if (refused === `23001 ${table}_frozen_terms` || refused === `23001 ${table}_identity`) frozen.push(name);
  }
  return frozen;
}
