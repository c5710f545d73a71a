import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { type AllocationBucket, allocationBuckets } from '../payment/allocation.js';
import { attemptStatuses } from '../payment/attempt.js';
import { type MatchCandidate, matchTransfer } from '../reconciliation/match-transfer.js';
import { type Account, accountCode, accountKind } from './account.js';
import type { EntryDraft } from './entry.js';
import { type PostableAllocation, postConfirmed, postFinal, postLoss, postReversal } from './post-payment.js';

type Wallet = PostableAllocation['wallet'];
const walletAt = (address: string): Wallet => ({ type: 'wallet', network: 'eip155:84532', address, walletId: address });
const wallet = walletAt('0xA');
const otherWallet = walletAt('0xB');

const build = (changes: Partial<PostableAllocation> = {}): PostableAllocation => ({
  allocationId: '0195f3a0-0000-7000-8000-00000000000a',
  bucket: 'payment',
  amountAtomic: 10_000n,
  assetId: 1,
  intentId: '0195f3a0-0000-7000-8000-00000000000b',
  endpointId: 'e1',
  wallet,
  otherWallet: null,
  network: 'eip155:84532',
  blockNumber: 100n,
  effectiveAtUnixSeconds: 1_795_000_000,
  localDay: '2026-11-18',
  factsHash: new Uint8Array(32).fill(7),
  ...changes,
});
/** Debits less credits of every account that entries touch; accounts that end at nothing are left out. */
const balances = (entries: readonly EntryDraft[]): Record<string, bigint> => {
  const sums = new Map<string, bigint>();
  const move = (account: Account, amountAtomic: bigint) =>
    sums.set(accountCode(account), (sums.get(accountCode(account)) ?? 0n) + amountAtomic);
  for (const posting of entries.flatMap((entry) => entry.postings)) {
    move(posting.debit, posting.amountAtomic);
    move(posting.credit, -posting.amountAtomic);
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n));
};
const toldIn = (entry: EntryDraft | null) =>
  entry?.postings.map((each) => `${accountCode(each.debit)} / ${accountCode(each.credit)} ${each.amountAtomic}`);
const bucket = fc.constantFrom(...allocationBuckets);
const amountAtomic = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n });
const incomeBuckets: readonly AllocationBucket[] = ['payment', 'partial'];

describe('postConfirmed', () => {
  it.each<[AllocationBucket, string]>([
    ['payment', 'assets:wallet:eip155:84532:0xA / pending:e1 10000'],
    ['partial', 'assets:wallet:eip155:84532:0xA / pending:e1 10000'],
    ['overpayment', 'assets:wallet:eip155:84532:0xA / liabilities:overpayment 10000'],
    ['late', 'assets:wallet:eip155:84532:0xA / liabilities:overpayment 10000'],
    ['duplicate', 'assets:wallet:eip155:84532:0xA / liabilities:overpayment 10000'],
    ['unmatched', 'assets:wallet:eip155:84532:0xA / liabilities:unmatched 10000'],
    ['dust', 'assets:wallet:eip155:84532:0xA / liabilities:unmatched 10000'],
    ['self', 'assets:wallet:eip155:84532:0xA / equity:self_funding 10000'],
    ['refund', 'contra_income:refunds / assets:wallet:eip155:84532:0xA 10000'],
    ['sweep', 'assets:external:unlabelled / assets:wallet:eip155:84532:0xA 10000'],
  ])('books %s as %s', (each, expected) => {
    expect(toldIn(postConfirmed(build({ bucket: each })))).toEqual([expected]);
  });

  it('books a movement between two own wallets on both of them', () => {
    const entry = postConfirmed(build({ bucket: 'self', otherWallet }));
    expect(toldIn(entry)).toEqual(['assets:wallet:eip155:84532:0xA / assets:wallet:eip155:84532:0xB 10000']);
  });

  it('books what a wallet sent to itself as in and out, with no account on both sides of a posting', () => {
    const entry = postConfirmed(build({ bucket: 'self', otherWallet: wallet }));
    expect(toldIn(entry)).toEqual([
      'assets:wallet:eip155:84532:0xA / equity:self_funding 10000',
      'equity:self_funding / assets:wallet:eip155:84532:0xA 10000',
    ]);
    expect(balances([entry])).toEqual({});
    expect(balances([postReversal(entry)])).toEqual({});
  });

  it('says what caused it, in which block and on which day', () => {
    expect(postConfirmed(build())).toMatchObject({
      kind: 'payment_confirmed',
      causeKind: 'allocation',
      causeId: build().allocationId,
      intentId: build().intentId,
      network: 'eip155:84532',
      blockNumber: 100n,
      effectiveAtUnixSeconds: 1_795_000_000,
      localDay: '2026-11-18',
    });
  });

  it('books nothing as income, since a confirmed block can still be orphaned', () => {
    for (const each of allocationBuckets) {
      for (const posting of postConfirmed(build({ bucket: each })).postings) {
        expect([accountKind(posting.debit), accountKind(posting.credit)]).not.toContain('income');
      }
    }
  });

  it('never books an amount that is not positive', () => {
    for (const wrong of [0n, -1n]) {
      expect(() => postConfirmed(build({ amountAtomic: wrong }))).toThrow(AssertionFailed);
      expect(() => postFinal(build({ amountAtomic: wrong }))).toThrow(AssertionFailed);
    }
  });

  it('refuses a bucket that does not exist', () => {
    const foreign: AllocationBucket = JSON.parse('"tip"');
    expect(() => postConfirmed(build({ bucket: foreign }))).toThrow(AssertionFailed);
  });
});

describe('postFinal', () => {
  it.each(incomeBuckets)('turns pending into income for %s', (each) => {
    const entry = postFinal(build({ bucket: each }));
    expect(toldIn(entry)).toEqual(['pending:e1 / income:e1 10000']);
    expect(entry?.kind).toBe(`${each}_final`);
  });

  it('posts nothing for any other bucket', () => {
    for (const each of allocationBuckets.filter((name) => !incomeBuckets.includes(name))) {
      expect(postFinal(build({ bucket: each }))).toBeNull();
    }
  });

  it('leaves the wallet alone, and nothing pending', () => {
    fc.assert(
      fc.property(fc.constantFrom(...incomeBuckets), amountAtomic, (each, amount) => {
        const allocation = build({ bucket: each, amountAtomic: amount });
        const final = postFinal(allocation);
        expect(balances(final ? [postConfirmed(allocation), final] : [])).toEqual({
          'assets:wallet:eip155:84532:0xA': amount,
          'income:e1': -amount,
        });
      }),
    );
  });
});

describe('postReversal', () => {
  it('keeps cause, block and day, and swaps the sides', () => {
    const entry = postConfirmed(build());
    const reversal = postReversal(entry);
    expect({ ...reversal, kind: entry.kind, postings: [] }).toEqual({ ...entry, postings: [] });
    expect(reversal.kind).toBe('payment_confirmed_reversed');
    expect(toldIn(reversal)).toEqual(['pending:e1 / assets:wallet:eip155:84532:0xA 10000']);
  });

  it('reverses no reversal and nothing that no allocation caused', () => {
    const reversal = postReversal(postConfirmed(build()));
    expect(() => postReversal(reversal)).toThrow(AssertionFailed);
    for (const kind of ['opening', 'loss', 'adjustment'] as const) {
      expect(() => postReversal({ ...postConfirmed(build()), kind })).toThrow(AssertionFailed);
    }
  });
});

describe('any entry', () => {
  it('balances: what is debited is credited, asset by asset (I03)', () => {
    fc.assert(
      fc.property(bucket, amountAtomic, fc.boolean(), (each, amount, isBetweenOwn) => {
        const allocation = build({
          bucket: each,
          amountAtomic: amount,
          otherWallet: isBetweenOwn ? otherWallet : null,
        });
        const final = postFinal(allocation);
        for (const entry of [postConfirmed(allocation), ...(final ? [final] : [])]) {
          expect(Object.values(balances([entry])).reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
          for (const posting of entry.postings) {
            expect(posting).toMatchObject({ assetId: 1, amountAtomic: amount });
            expect(accountCode(posting.debit)).not.toBe(accountCode(posting.credit));
          }
        }
      }),
    );
  });

  it('leaves nothing behind once it is reversed, confirmed and final alike (I16)', () => {
    fc.assert(
      fc.property(bucket, amountAtomic, fc.boolean(), (each, amount, isBetweenOwn) => {
        const allocation = build({
          bucket: each,
          amountAtomic: amount,
          otherWallet: isBetweenOwn ? otherWallet : null,
        });
        const final = postFinal(allocation);
        const entries = [postConfirmed(allocation), ...(final ? [final] : [])];
        expect(balances([...entries, ...entries.map(postReversal)])).toEqual({});
      }),
    );
  });

  it('has a kind of its own per step of an allocation, so that a replay posts nothing (I29)', () => {
    const kinds = allocationBuckets.flatMap((each) => {
      const final = postFinal(build({ bucket: each }));
      const entries = [postConfirmed(build({ bucket: each })), ...(final ? [final] : [])];
      return [...entries, ...entries.map(postReversal)].map((entry) => entry.kind);
    });
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});

describe('the books of a wallet equal the chain (I04, I05)', () => {
  const anyMove = fc.record({
    from: fc.constantFrom('0xA', '0xB', 'buyer', 'exchange'),
    to: fc.constantFrom('0xA', '0xB', 'exchange'),
    amountAtomic: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    candidate: fc.option(
      fc
        .record<Omit<MatchCandidate, 'priceAtomic'>>({
          intentId: fc.constant('i'),
          attemptStatus: fc.constantFrom(...attemptStatuses),
          dueAtomic: fc.bigInt(1n, 10n ** 12n),
          paidAtomic: fc.bigInt(0n, 10n ** 12n),
          matchedBy: fc.constant('nonce'),
        })
        .map((candidate): MatchCandidate => ({ ...candidate, priceAtomic: candidate.dueAtomic + 7n })),
    ),
    end: fc.constantFrom('confirmed', 'final', 'orphaned'),
  });
  type Move = typeof anyMove extends fc.Arbitrary<infer M> ? M : never;
  const isOwn = (address: string) => address === '0xA' || address === '0xB';

  const allocationsOf = (move: Move, id: string): PostableAllocation[] => {
    const transfer = {
      amountAtomic: move.amountAtomic,
      isFromOwnWallet: isOwn(move.from),
      isToOwnWallet: isOwn(move.to),
    };
    return matchTransfer(transfer, move.candidate).legs.map((leg, at) =>
      build({
        allocationId: `${id}/${at}`,
        bucket: leg.bucket,
        amountAtomic: leg.amountAtomic,
        intentId: leg.intentId,
        wallet: walletAt(leg.bucket === 'sweep' ? move.from : move.to),
        otherWallet: leg.bucket === 'self' ? walletAt(move.from) : null,
      }),
    );
  };
  const entriesOf = (move: Move, id: string): EntryDraft[] =>
    allocationsOf(move, id).flatMap((allocation) => {
      const confirmed = postConfirmed(allocation);
      if (move.end === 'orphaned') return [confirmed, postReversal(confirmed)];
      const final = move.end === 'final' ? postFinal(allocation) : null;
      return final ? [confirmed, final] : [confirmed];
    });

  it('for any list of transfers, whatever they pay and however they end', () => {
    const touchesUs = anyMove.filter((move) => move.from !== move.to && (isOwn(move.from) || isOwn(move.to)));
    fc.assert(
      fc.property(fc.array(touchesUs, { maxLength: 20 }), (moves) => {
        const booked = balances(moves.flatMap((move, at) => entriesOf(move, String(at))));
        for (const address of ['0xA', '0xB']) {
          const onChain = moves
            .filter((move) => move.end !== 'orphaned')
            .reduce(
              (sum, { from, to, amountAtomic: moved }) =>
                sum + (to === address ? moved : 0n) - (from === address ? moved : 0n),
              0n,
            );
          expect(booked[accountCode(walletAt(address))] ?? 0n).toBe(onChain);
        }
      }),
    );
  });

  it('for any one allocation: the wallet moves by the signed amount, and nothing else of ours is an asset', () => {
    fc.assert(
      fc.property(bucket, amountAtomic, (each, amount) => {
        const moved = balances([postConfirmed(build({ bucket: each, amountAtomic: amount }))]);
        const isOut = each === 'refund' || each === 'sweep';
        expect(moved[accountCode(wallet)]).toBe(isOut ? -amount : amount);
      }),
    );
  });
});

describe('postLoss', () => {
  const loss = postLoss({
    attemptId: 'a',
    intentId: 'i',
    assetId: 1,
    amountAtomic: 10_000n,
    effectiveAtUnixSeconds: 1_795_000_000,
    localDay: '2026-11-18',
  });

  it('books what was served for nothing outside every wallet and block, so that no proof of the books moves (I23)', () => {
    expect(toldIn(loss)).toEqual(['expenses:served_not_paid / equity:served_not_paid 10000']);
    expect(loss).toMatchObject({ kind: 'loss', causeKind: 'attempt', causeId: 'a', network: null, blockNumber: null });
  });
});
