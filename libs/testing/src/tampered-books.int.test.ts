import { testCrypto } from '@tollbook/testing';
import { verifyLedger } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { transferAction, txOf } from '../test/chain-txs.js';
import { only, type PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { tillAddress } from '../test/world-shop.js';

const { open } = useWorlds();

/** A payment, money that nobody named, and a reorg between them: five entries. */
async function bookedWorld(): Promise<PaymentWorld> {
  const world = await open();
  await world.buy();
  await world.mine(3);
  const dropped = world.chain.reorg(3);
  world.chain.mine();
  await world.index();
  world.chain.submit(...dropped, txOf('gift', transferAction(addressOf('ann'), tillAddress, 700n)));
  await world.finalize();
  expect(await found(world)).toEqual([]);
  return world;
}

/** What `books verify` says of the rows alone, without the chain. */
async function found(world: PaymentWorld): Promise<string[]> {
  const verdict = await verifyLedger(world.db.books, testCrypto('tamper'), world.book.bookId);
  const broken = verdict.kind === 'intact' ? [] : verdict.findings.map((each) => `${each.entrySeq} ${each.row}`);
  const contradictions = (await world.db.books.contradictions(50)).map(({ what, id }) => `${what} ${id}`);
  return [...broken, ...contradictions];
}

/** Runs a statement past every guard, tells what is found then, and brings the rows of a table back as they were. */
async function tampered(world: PaymentWorld, table: string, statement: string): Promise<string[]> {
  await world.db.rows(`create table kept as table ${table}`);
  try {
    await world.db.rows(statement);
    return await found(world);
  } finally {
    await world.db.rows(`delete from ${table}`);
    const [columns] = await world.db.rows<{ list: string }>(
      `select string_agg(quote_ident(attname), ', ') as list from pg_attribute
       where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
    );
    await world.db.rows(
      `insert into ${table} (${columns?.list}) overriding system value select ${columns?.list} from kept`,
    );
    await world.db.rows('drop table kept');
  }
}

const otherId = `'00000000-0000-7000-8000-00000000000a'`;
const bytes = (length: number) => `decode(repeat('ee', ${length}), 'hex')`;

describe('books that somebody changed past every guard', () => {
  it('name the entry, whichever of its columns was changed', { timeout: 120_000 }, async () => {
    const world = await bookedWorld();
    const changes = [
      `kind = 'late_confirmed'`,
      `cause_kind = 'audit'`,
      `cause_id = ${otherId}`,
      `intent_id = null`,
      'network_id = 2',
      'block_number = block_number + 1',
      `effective_at = effective_at + interval '1 second'`,
      'local_day = local_day + 1',
      `period = '2020-01'`,
      `chain_hash = ${bytes(32)}`,
      `facts_hash = ${bytes(32)}`,
      'facts_hash = null',
    ];
    for (const change of changes) {
      const statement = `update ledger_entries set ${change} where entry_seq = 1`;
      expect(await tampered(world, 'ledger_entries', statement), change).toContainEqual(
        expect.stringMatching(change.startsWith('period') ? /entry_period_differs 1$/ : /^1 ledger_entries 1$/),
      );
    }
    expect(await found(world)).toEqual([]);
  });

  it('name the posting, or its entry, whichever of its columns was changed', async () => {
    const world = await bookedWorld();
    const posting = (change: string) => `update ledger_postings set ${change} where entry_seq = 2`;
    const amount = await tampered(world, 'ledger_postings', posting('amount_atomic = amount_atomic + 1'));
    expect(amount).toContain('2 ledger_postings 2/0');
    const asset = await tampered(world, 'ledger_postings', posting('asset_id = 2'));
    expect(asset).toContain('2 ledger_postings 2/0');
    const swapped = posting('debit_account_id = credit_account_id, credit_account_id = debit_account_id');
    expect(await tampered(world, 'ledger_postings', swapped)).toContain('2 ledger_entries 2');
    const gone = await tampered(world, 'ledger_postings', 'delete from ledger_postings where entry_seq = 2');
    expect(gone).toContain('2 ledger_entries 2');
    const more = `insert into ledger_postings select book_id, entry_seq, 1::smallint, debit_account_id, credit_account_id,
      asset_id, amount_atomic from ledger_postings where entry_seq = 2`;
    expect(await tampered(world, 'ledger_postings', more)).toContain('2 ledger_entries 2');
  });

  it('name the entries that are gone, from the middle and from the end, and a head that was moved', async () => {
    const world = await bookedWorld();
    const last = only(await world.db.rows<{ n: string }>('select max(entry_seq)::text as n from ledger_entries')).n;
    const entries = (where: string) => tampered(world, 'ledger_entries', `delete from ledger_entries where ${where}`);
    expect(await entries('entry_seq = 2')).toContain('2 ledger_entries 2');
    expect(await entries(`entry_seq = ${last}`)).toContain(`${last} ledger_entries ${last}`);
    const head = `ledger_heads ${world.book.bookId}`;
    const heads = (statement: string) => tampered(world, 'ledger_heads', statement);
    expect(await heads('update ledger_heads set entry_seq = 1')).toContain(`${last} ${head}`);
    expect(await heads(`update ledger_heads set chain_hash = ${bytes(32)}`)).toContain(`${last} ${head}`);
    expect(await heads('delete from ledger_heads')).toContain(`${last} ${head}`);
    // Entry and head together: what was booked for the allocation is missed.
    const both = `delete from ledger_entries where entry_seq = ${last};
      update ledger_heads h set entry_seq = e.entry_seq, chain_hash = e.chain_hash from ledger_entries e
      where e.entry_seq = ${last} - 1`;
    const [kept] = await world.db.rows<{ chain_hash: Buffer }>('select chain_hash from ledger_heads');
    const cut = await tampered(world, 'ledger_entries', both);
    await world.db.rows(`update ledger_heads set entry_seq = ${last}, chain_hash = $1`, [kept?.chain_hash]);
    expect(cut).toContainEqual(
      expect.stringMatching(/^entry_without_its_row|^allocation_not_posted|^final_not_posted/),
    );
    expect(await found(world)).toEqual([]);
  });

  it('name the account that was changed', async () => {
    const world = await bookedWorld();
    const code = 'liabilities:unmatched';
    const accounts = (change: string) =>
      tampered(world, 'ledger_accounts', `update ledger_accounts set ${change} where code = '${code}'`);
    expect(await accounts(`code = 'equity:opening'`)).toContainEqual(expect.stringMatching(/^\d+ ledger_entries \d+$/));
    expect(await accounts(`kind = 'income'`)).toContain(`account_differs ${code}`);
    const wallet = 'wallet_id is not null';
    const moved = `update ledger_accounts set wallet_id = null where ${wallet}`;
    expect(await tampered(world, 'ledger_accounts', moved)).toContainEqual(expect.stringMatching(/^account_differs /));
  });

  it('name the transfer, whichever of its columns was changed', { timeout: 120_000 }, async () => {
    const world = await bookedWorld();
    const id = only(
      await world.db.rows<{ id: string }>(`select transfer_id as id from transfers where amount_atomic = 700`),
    ).id;
    const changes = [
      'network_id = 2',
      'block_number = block_number + 1',
      `block_hash = ${bytes(32)}`,
      `block_time = block_time + interval '1 second'`,
      `tx_hash = ${bytes(32)}`,
      'position = position + 1',
      'asset_id = 2',
      `from_address = ${bytes(20)}`,
      `to_address = ${bytes(20)}`,
      `from_wallet_id = ${otherId}`,
      `to_wallet_id = ${otherId}`,
      'amount_atomic = amount_atomic + 1',
      `replay_key = ${bytes(32)}`,
      'orphaned_at = now()',
    ];
    for (const change of changes) {
      const statement = `update transfers set ${change} where transfer_id = '${id}'`;
      expect(await tampered(world, 'transfers', statement), change).toContainEqual(expect.stringContaining(id));
    }
    const gone = `delete from transfers where transfer_id = '${id}'`;
    expect(await tampered(world, 'transfers', gone)).toContainEqual(expect.stringMatching(/^\d+ allocations /));
  });

  it('name the allocation, whichever of its columns was changed', { timeout: 120_000 }, async () => {
    const world = await bookedWorld();
    const [{ id, other } = { id: '', other: '' }] = await world.db.rows<{ id: string; other: string }>(
      `select allocation_id as id, (select transfer_id from transfers where amount_atomic <> 700 limit 1) as other
       from allocations where bucket = 'unmatched'`,
    );
    const changes = [
      `transfer_id = '${other}'`,
      'leg = leg + 1',
      `intent_id = (select intent_id from payment_intents limit 1)`,
      `bucket = 'dust'`,
      'amount_atomic = amount_atomic - 1',
      `matched_by = 'reference'`,
      `actor_id = 'somebody'`,
      'reversed_at = now()',
      `allocation_id = ${otherId}`,
    ];
    for (const change of changes) {
      const statement = `update allocations set ${change} where allocation_id = '${id}'`;
      expect(await tampered(world, 'allocations', statement), change).toContainEqual(expect.stringContaining(id));
    }
    const gone = `delete from allocations where allocation_id = '${id}'`;
    expect(await tampered(world, 'allocations', gone)).toContainEqual(expect.stringContaining(`allocations ${id}`));
  });

  it('name the sum that was changed', async () => {
    const world = await bookedWorld();
    const sums = {
      rollup_books: 'amount_atomic = amount_atomic + 1',
      rollup_days: 'count = count + 1',
      rollup_hours: 'amount_atomic = amount_atomic + 1',
      rollup_payers: 'amount_atomic = amount_atomic + 1',
      rollup_recency: 'payers = payers + 1',
      rollup_accounts: 'debit_atomic = debit_atomic + 1',
    };
    for (const [table, change] of Object.entries(sums)) {
      expect(await tampered(world, table, `update ${table} set ${change}`), table).toContainEqual(
        expect.stringMatching(new RegExp(`^${table}_differ 20`)),
      );
    }
  });
});
