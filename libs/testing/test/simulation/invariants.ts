import { testCrypto } from '@tollbook/testing';
import { StoreUnavailable, verifyLedger } from '@tollbook/usecases';
import { signedKey } from './deals.js';
import { expectedBooks } from './reference-model.js';
import type { Simulation } from './simulation.js';

/**
 * What holds at every commit, as one question each: rows that break it, told by one text. They say the same as the
 * product's own checks where those exist, and are written apart from them.
 */
const atEveryCommit: Readonly<Record<string, string>> = {
  'I01 a transaction stands in one block': `select encode(tx_hash, 'hex') from transfers where orphaned_at is null
    group by book_id, network_id, tx_hash having count(distinct block_hash) > 1 or count(*) <> count(distinct position)`,
  'I02 a transfer is allocated once, to one intent, and not beyond its amount': `select t.transfer_id::text
    from transfers t join allocations a on a.transfer_id = t.transfer_id and a.reversed_at is null
    group by t.transfer_id, t.amount_atomic
    having sum(a.amount_atomic) <> t.amount_atomic or count(distinct a.intent_id) > 1`,
  'I03 an entry has postings and a cause': `select e.entry_seq::text from ledger_entries e
    where not exists (select from ledger_postings p where p.book_id = e.book_id and p.entry_seq = e.entry_seq)
      or (e.cause_kind = 'allocation' and not exists (select from allocations a where a.allocation_id = e.cause_id))
      or (e.cause_kind = 'attempt' and not exists (select from attempts a where a.attempt_id = e.cause_id))`,
  'I03 an allocation is posted, and reversed with its entry': `select a.allocation_id::text from allocations a
    where (select count(*) from ledger_entries e where e.cause_id = a.allocation_id and e.kind like '%\\_confirmed') <> 1
      or (select count(*) from ledger_entries e where e.cause_id = a.allocation_id and e.kind like '%\\_confirmed\\_reversed')
        <> (a.reversed_at is not null)::integer`,
  'I06 counted money is in a bucket': `select t.transfer_id::text from transfers t
    join cursors c on c.network_id = t.network_id and t.block_number <= c.confirmed_number
    where t.orphaned_at is null and t.amount_atomic > 0
      and not exists (select from allocations a where a.transfer_id = t.transfer_id and a.reversed_at is null)`,
  'I09 what leaves is no income': `select a.allocation_id::text from allocations a
    join transfers t on t.transfer_id = a.transfer_id
    where t.from_wallet_id is not null and a.bucket not in ('self', 'sweep', 'refund')`,
  'I10 what was read has no gap': `select number::text from (
      select number, parent_hash, lag(number) over w as below, lag(block_hash) over w as below_hash
      from block_headers window w as (order by number)
    ) linked where below is not null and (number <> below + 1 or parent_hash <> below_hash)`,
  'I11 the cursor stands on a block that was read': `select c.head_number::text from cursors c
    where not exists (select from block_headers h
      where h.network_id = c.network_id and h.number = c.head_number and h.block_hash = c.head_hash)`,
  'I12 a transfer is in the block of its height': `select t.transfer_id::text from transfers t
    join block_headers h on h.network_id = t.network_id and h.number = t.block_number
    where t.orphaned_at is null and h.block_hash <> t.block_hash`,
  'I12 nothing stands above what was read': `select t.transfer_id::text from transfers t
    join cursors c on c.network_id = t.network_id where t.orphaned_at is null and t.block_number > c.head_number`,
  'I12 nothing orphaned is allocated': `select a.allocation_id::text from allocations a
    join transfers t on t.transfer_id = a.transfer_id where t.orphaned_at is not null and a.reversed_at is null`,
  'I13 the heights are in order': `select final_number::text from cursors
    where final_number > confirmed_number and confirmed_number >= 0`,
  'I20 only evidence ends what was sent': `select attempt_id::text from attempts
    where status = 'failed' and sent_at is not null and evidence is null`,
  'I21 keys are held by all attempts but released ones': `select 'held ' || held || ' of ' || expected from (
      select (select count(*) from replay_keys) as held,
        (select count(*) from attempts where released_at is null) as expected
    ) counted where held <> expected`,
  'I21 one attempt of an intent lives': `select intent_id::text from attempts where status <> 'failed'
    group by intent_id having count(*) > 1`,
  'I22 an attempt pays what its intent asks': `select a.attempt_id::text from attempts a
    join payment_intents i on i.intent_id = a.intent_id
    where (a.amount_atomic, a.network_id, a.asset_id) is distinct from (i.amount_atomic, i.network_id, i.asset_id)`,
  'I25 what is confirmed has money on the chain': `select i.intent_id::text from payment_intents i
    where i.status in ('confirmed', 'final') and not exists (
      select from allocations a join transfers t on t.transfer_id = a.transfer_id
      join cursors c on c.network_id = t.network_id
      where a.intent_id = i.intent_id and a.bucket in ('payment', 'partial') and a.reversed_at is null
        and t.orphaned_at is null
        and t.block_number <= case i.status when 'final' then c.final_number else c.confirmed_number end)`,
  'I25 an attempt is paid with its intent': `select a.attempt_id::text from attempts a
    join payment_intents i on i.intent_id = a.intent_id
    where a.status in ('confirmed', 'final') and i.status not in ('confirmed', 'final')`,
  'I26 every move has its event, with a body': `select i.intent_id::text from payment_intents i
    where i.sequence <> (select count(*) from events e join event_bodies b on b.event_id = e.event_id
      where e.intent_id = i.intent_id)`,
  'I27 every event has its delivery': `select e.event_id::text from events e
    where (select count(*) from deliveries d where d.event_id = e.event_id) <> 1`,
  'I27 every event is told or waits to be': `select e.event_id::text from events e
    where (select count(*) from outbox o where o.event_id = e.event_id)
      + (select count(*) from event_feed f where f.event_id = e.event_id) <> 1`,
  'I30 sequences have no gap': `select e.intent_id::text from events e where e.intent_id is not null
    group by e.intent_id having max(e.sequence) <> count(*) or min(e.sequence) <> 1`,
  'I30 the last event tells the state': `select i.intent_id::text from payment_intents i
    join lateral (select e.to_status from events e where e.intent_id = i.intent_id and e.to_status is not null
      order by e.sequence desc limit 1) told on true
    where told.to_status <> i.status`,
};

const names = Object.keys(atEveryCommit);
const everyCommit = names
  .map((name, at) => `(select ${at} as at, found.* from (${atEveryCommit[name]}) as found (row) limit 3)`)
  .join('\nunion all\n');

/** What each row was at the last look, to compare with what it is now. */
const picture = `select 'intent' as what, intent_id::text as id, status, sequence, null as sent, null as released,
    md5(concat_ws('|', invoice_id, source, terms_number, price_version_id, network_id, asset_id, wallet_id, amount_atomic,
      fingerprint, expires_at)) as frozen
  from payment_intents
  union all select 'attempt', attempt_id::text, status, epoch, sent_at is not null, released_at is not null,
    md5(concat_ws('|', intent_id, replay_key, payer, nonce, amount_atomic, valid_before, request_fingerprint))
  from attempts
  union all select 'cursor', c.network_id::text, '', c.final_number::integer, null, null, null from cursors c
  union all select 'final', t.transfer_id::text, case when t.orphaned_at is null then 'stands' else 'orphaned' end, 0, null, null,
    md5(concat_ws('|', t.block_hash, t.tx_hash, t.position, t.amount_atomic, t.from_address, t.to_address))
  from transfers t join cursors c on c.network_id = t.network_id
  where t.block_number <= c.final_number
  union all select 'count', 'events', '', (select count(*)::integer from events), null, null, null
  union all select 'count', 'entries', '', (select count(*)::integer from ledger_entries), null, null, null
  union all select 'count', 'transfers', '', (select count(*)::integer from transfers), null, null, null`;

type Row = {
  readonly what: string;
  readonly id: string;
  readonly status: string;
  readonly sequence: number;
  readonly sent: boolean | null;
  readonly released: boolean | null;
  readonly frozen: string | null;
};

/** Where an attempt may be some steps later (payment core, section 4). */
const laterStatuses: Readonly<Record<string, readonly string[]>> = {
  claimed: ['verified', 'submitting', 'submitted', 'unknown', 'confirmed', 'final', 'failed'],
  verified: ['submitting', 'submitted', 'unknown', 'confirmed', 'final', 'failed'],
  submitting: ['submitted', 'unknown', 'confirmed', 'final', 'failed'],
  submitted: ['unknown', 'confirmed', 'final', 'failed'],
  unknown: ['submitted', 'confirmed', 'final', 'failed'],
  confirmed: ['final', 'submitted', 'unknown', 'failed'],
  final: [],
  failed: [],
};

/** Checks a simulation after every step, and its books when all is quiet. */
export class Invariants {
  private before = new Map<string, Row>();

  constructor(private readonly simulation: Simulation) {}

  async afterStep(): Promise<void> {
    const { rows } = this.simulation.world.db;
    for (const { at, row } of await rows<{ at: number; row: string }>(everyCommit)) this.violate(names[at] ?? '', row);
    const now = new Map((await rows<Row>(picture)).map((row) => [`${row.what} ${row.id}`, row]));
    for (const [key, was] of this.before) {
      const is = now.get(key);
      if (is) this.compare(was, is);
      else this.violate('I17 nothing is deleted', key);
    }
    this.before = now;
  }

  private compare(was: Row, is: Row): void {
    const told = `${is.what} ${is.id} was ${was.status || was.sequence} and is ${is.status || is.sequence}`;
    if (is.frozen !== was.frozen) this.violate('I18 facts and terms are frozen', told);
    if (is.sequence < was.sequence)
      this.violate(is.what === 'cursor' ? 'I13 final stays final' : 'I17 no step back', told);
    if (is.what === 'final' && is.status !== was.status && was.status === 'stands') {
      this.violate('I13 final stays final', told);
    }
    if (is.what === 'attempt') {
      const may = laterStatuses[was.status] ?? [];
      if (is.status !== was.status && !may.includes(is.status)) this.violate('I17 legal moves only', told);
      if (was.sent && !is.sent) this.violate('I17 what was sent stays sent', told);
      if (was.released && !is.released) this.violate('I21 what was released stays released', told);
    }
    const isAbsorbed = ['final', 'expired', 'canceled'].includes(was.status);
    if (is.what === 'intent' && isAbsorbed && is.status !== was.status)
      this.violate('I19 what ended stays ended', told);
  }

  /** All of it, when nothing is under way any more. */
  async atRest(): Promise<void> {
    await this.afterStep();
    const { simulation } = this;
    const { world } = simulation;
    if (!(await simulation.isLevel))
      this.violate('I10 the worker comes level', 'its heights are not those of the chain');
    await this.books();
    for (const { differenceAtomic, wallet } of await world.proof()) {
      if (differenceAtomic !== 0n) this.violate('I05 the books equal the chain', `${wallet} by ${differenceAtomic}`);
    }
    const verdict = await verifyLedger(world.db.books, testCrypto('simulation'), world.book.bookId);
    if (verdict.kind !== 'intact') this.violate('the ledger is chained', JSON.stringify(verdict, bigintAsText));
    for (const found of await world.db.books.contradictions(5)) {
      this.violate('no two tables contradict one another', `${found.what} ${found.id}`);
    }
    for (const error of world.parts.failures) {
      // A connection that broke is told, and is no bug.
      if (!(error instanceof StoreUnavailable)) this.violate('no bug', `a gate reported ${String(error)}`);
    }
  }

  /** The tables are what the model makes of the final chain (I04, I14, I15, I16). */
  private async books(): Promise<void> {
    const { simulation } = this;
    const { world } = simulation;
    const { rows } = world.db;
    const wallets = await rows<{ address: Buffer; from: string }>(
      `select w.address, a.watch_from_block::text as from from wallets w join wallet_assets a on a.wallet_id = w.wallet_id`,
    );
    const decided = await rows<{ payer: Buffer; nonce: Buffer }>(
      'select payer, nonce from attempts where sent_at is not null',
    );
    const sent = new Set(decided.map(({ payer, nonce }) => signedKey(hex(payer), hex(nonce))));
    for (const key of simulation.sent) if (!sent.has(key)) this.violate('I21 what was sent is known', key);
    const blocks = [...world.chain.upTo(world.chain.head.hash)].reverse();
    const chain = blocks.flatMap((block) => block.transfers);
    const expected = expectedBooks({
      chain,
      wallets: new Map(wallets.map(({ address, from }) => [hex(address), BigInt(from)])),
      deals: simulation.deals,
      invoices: simulation.invoices,
      sent,
      late: simulation.late,
    });

    const stored = await rows<{ told: string }>(
      `select '0x' || encode(t.block_hash, 'hex') || '/0x' || encode(t.tx_hash, 'hex') || '/' || t.position || ' '
          || t.amount_atomic || ': ' || coalesce(string_agg(a.bucket || ' ' || a.amount_atomic || ' '
            || coalesce(a.intent_id::text, '-'), ' + ' order by a.leg), 'nothing') as told
        from transfers t left join allocations a on a.transfer_id = t.transfer_id and a.reversed_at is null
        where t.orphaned_at is null group by t.book_id, t.transfer_id`,
    );
    const toldTwice = stored.map(({ told }) => told);
    this.same('I01, I06, I14-I16 transfers and their buckets', toldTwice, expected.transfers);

    const intents = await rows<{ id: string; status: string }>(
      'select intent_id::text as id, status from payment_intents',
    );
    const paid = intents.filter(({ status }) => status === 'final').map(({ id }) => id);
    this.same('I14-I16 what is paid', paid, [...expected.paidIntents]);
    for (const { id, status } of intents) {
      const hasEnded = ['final', 'failed', 'expired', 'canceled'].includes(status);
      if (!hasEnded) this.violate('I20 all ends by the chain', `${id} is ${status}`);
    }

    await this.balances(expected.balances);
    const open = await rows<{ told: string }>(
      `select d.kind || ' 0x' || encode(t.block_hash, 'hex') || '/0x' || encode(t.tx_hash, 'hex') || '/' || t.position as told
        from discrepancies d join transfers t on t.transfer_id = d.transfer_id
        where d.closed_at is null and d.kind in ('unmatched', 'late', 'duplicate', 'over', 'short')`,
    );
    this.same(
      'I06 what does not add up is on record',
      open.map(({ told }) => told),
      expected.openOfTransfers,
    );
    await this.events();
    await this.service(new Set(expected.paidIntents));
  }

  private async balances(expected: ReadonlyMap<string, bigint>): Promise<void> {
    const found = await this.simulation.world.db.rows<{ code: string; atomic: string }>(
      `select a.code, sum(case when p.debit_account_id = a.account_id then p.amount_atomic else -p.amount_atomic end)::text as atomic
        from ledger_accounts a join ledger_postings p
          on p.book_id = a.book_id and a.account_id in (p.debit_account_id, p.credit_account_id)
        group by a.code`,
    );
    const sums = new Map<string, bigint>();
    for (const { code, atomic } of found) {
      const account = shortCode(code);
      if (account !== null) sums.set(account, (sums.get(account) ?? 0n) + BigInt(atomic));
    }
    const told = (all: ReadonlyMap<string, bigint>) =>
      [...all].flatMap(([account, atomic]) => (atomic === 0n ? [] : [`${account} ${atomic}`]));
    this.same('I04, I07 balances', told(sums), told(expected));
  }

  /** A reorg is told once each time it undoes a payment; what is final is told once. */
  private async events(): Promise<void> {
    const found = await this.simulation.world.db.rows<{ id: string; kind: string; told: number; done: number }>(
      `select i.intent_id::text as id, kinds.kind, (select count(*)::integer from events e
          where e.intent_id = i.intent_id and e.type = 'payment_intent.' || kinds.kind) as told,
        (select count(*)::integer from ledger_entries l where l.intent_id = i.intent_id and l.kind = kinds.entry) as done
        from payment_intents i cross join (values ('confirmed', 'payment_confirmed'), ('final', 'payment_final'),
          ('reorged', 'payment_confirmed_reversed')) as kinds (kind, entry)`,
    );
    for (const { id, kind, told, done } of found) {
      if (told !== done) this.violate('I16, I26 a move is told once', `${id} ${kind}: ${told} events, ${done} entries`);
    }
    const left = await this.simulation.world.db.rows<{ status: string }>(
      `select status from deliveries where status <> 'delivered'`,
    );
    if (left.length > 0) this.violate('I27 every delivery ends', `${left.length} are ${left[0]?.status}`);
    const kinds = await this.simulation.world.db.rows<{ kind: string }>(
      `select kind from discrepancies where closed_at is null and kind in ('reorged', 'served_not_paid')`,
    );
    for (const { kind } of kinds) this.violate('I24 doubts end', `${kind} is open`);
    const [counted] = await this.simulation.world.db.rows<{ events: number }>(
      'select count(*)::integer as events from events',
    );
    const told = this.simulation.teller.told.size;
    if (told !== counted?.events)
      this.violate('I27 everybody is told', `${told} of ${counted?.events} events were told`);
  }

  /** What is paid is served or on record; what was served and not paid is a loss. */
  private async service(paid: ReadonlySet<string>): Promise<void> {
    const { deals, world } = this.simulation;
    const recorded = await world.db.rows<{ id: string }>(
      `select intent_id::text as id from discrepancies where closed_at is null and kind = 'paid_not_served'`,
    );
    const onRecord = new Set(recorded.map(({ id }) => id));
    const paidAttempts = new Set(
      (await world.db.rows<{ id: string }>(`select intent_id::text as id from attempts where status = 'final'`)).map(
        ({ id }) => id,
      ),
    );
    for (const intentId of new Set(deals.map((deal) => deal.intentId))) {
      const own = deals.filter((deal) => deal.intentId === intentId);
      const reads = own.reduce((sum, deal) => sum + deal.reads, 0);
      const inDoubt = own.some((deal) => deal.readsInDoubt > 0);
      const isOwed = paid.has(intentId) && paidAttempts.has(intentId) && reads === 0;
      if (isOwed && !inDoubt && !onRecord.has(intentId)) this.violate('I24 paid means served or on record', intentId);
      if (onRecord.has(intentId) && reads > 0) this.violate('I24 what was served is not owed', intentId);
    }
  }

  private same(invariant: string, found: readonly string[], expected: readonly string[]): void {
    const missing = subtract(expected, found);
    const surplus = subtract(found, expected);
    if (missing.length + surplus.length === 0) return;
    const told = [...missing.map((each) => `missing ${each}`), ...surplus.map((each) => `surplus ${each}`)];
    this.violate(invariant, told.slice(0, 4).join('; '));
  }

  private violate(invariant: string, what: string): void {
    this.simulation.violate(invariant, what);
  }
}

function subtract(all: readonly string[], some: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const each of some) left.set(each, (left.get(each) ?? 0) + 1);
  return all.filter((each) => {
    const count = left.get(each) ?? 0;
    left.set(each, count - 1);
    return count <= 0;
  });
}

/** The account's name in the model; null for what stands outside of the chain. */
function shortCode(code: string): string | null {
  if (code.startsWith('assets:wallet:')) return code.slice(code.lastIndexOf(':') + 1);
  if (code.startsWith('assets:external')) return 'external';
  if (code.includes('served_not_paid')) return null;
  return code.replace(/^liabilities:/, '').replace(/^(pending|income):.*/, '$1');
}

function hex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
