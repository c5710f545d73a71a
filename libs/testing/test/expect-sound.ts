import { dueAtomic, intentStatus } from '@tollbook/domain';
import { type FakeChain, testCrypto } from '@tollbook/testing';
import { type BooksProofRecord, type PaymentDetail, verifyLedger } from '@tollbook/usecases';
import { expect } from 'vitest';
import type { PaymentWorld } from './payment-world.js';
import { payments } from './world-view.js';

/**
 * What holds at every commit, whatever happened: the ledger equals the chain and verifies, no two rows contradict one
 * another, each status is what the rules make of its facts, and events tell every move without a gap.
 */
export async function expectSound(world: PaymentWorld): Promise<void> {
  const { books } = world.db;
  const cursor = await world.db.chain.cursor(world.chain.network);
  // While the chain stands on another fork than was read, there is nothing to compare.
  if (cursor && world.chain.at(cursor.confirmed.number)?.header.hash === cursor.confirmed.hash) {
    const rows = await world.proof();
    expect(rows.map(({ differenceAtomic }) => differenceAtomic)).toEqual(rows.map(() => 0n));
    expect(rows.map(movedInBooks), 'the wallets of the books and of the chain').toEqual(
      rows.map((row) => movedOnChain(world.chain, row)),
    );
  }
  const verdict = await verifyLedger(books, testCrypto('sound'), world.book.bookId);
  expect(verdict.kind, 'the chain of the ledger').toBe('intact');
  expect(await books.contradictions(20)).toEqual([]);
  for (const detail of await payments(world)) expectToldWell(detail);
  const [keys] = await world.db.rows<{ held: bigint; expected: bigint }>(
    `select (select count(*) from replay_keys)::text as held,
       (select count(*) from attempts where released_at is null)::text as expected`,
  );
  expect(keys?.held, 'replay keys are held by all attempts but released ones').toBe(keys?.expected);
}

function movedInBooks({ openingAtomic, inAtomic, outAtomic }: BooksProofRecord) {
  return { inAtomic: openingAtomic + inAtomic, outAtomic };
}

/** What really went in and out, however often the books changed their mind about it. */
function movedOnChain(chain: FakeChain, { wallet, blockHash }: BooksProofRecord) {
  const transfers = [...chain.upTo(blockHash)].flatMap((block) =>
    block.transfers.filter(({ contract }) => contract === chain.contract),
  );
  const sumOf = (found: typeof transfers) => found.reduce((sum, { amountAtomic }) => sum + amountAtomic, 0n);
  return {
    inAtomic: sumOf(transfers.filter(({ to }) => to === wallet)),
    outAtomic: sumOf(transfers.filter(({ from }) => from === wallet)),
  };
}

function expectToldWell({ intent, events }: PaymentDetail): void {
  const facts = {
    source: intent.source,
    dueAtomic: dueAtomic(intent),
    isCanceled: intent.status === 'canceled',
    attempts: intent.attempts.map(({ status, reason, releasedAtMs }) => ({
      status,
      reason,
      isReleased: releasedAtMs !== null,
    })),
    allocations: intent.allocations,
    isOver: intent.status === 'expired' || intent.status === 'failed',
  };
  const isBeingTriedAgain = intent.status === 'failed' && intent.attempts.some(({ status }) => status === 'claimed');
  if (!isBeingTriedAgain) expect(intentStatus(facts).status, 'the status that the facts give').toBe(intent.status);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(intent.sequence, 'every move has its event').toBe(events.length);
  const last = events[events.length - 1];
  expect(last?.toStatus ?? 'open', 'the state that was told last').toBe(intent.status);
}
