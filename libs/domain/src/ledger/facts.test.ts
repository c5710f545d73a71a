import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Sha256 } from '../hash.js';
import type { EntryForHash } from './entry.js';
import { changedFacts, differencesFromCause, factsHash, type SealedAllocation, type SealedTransfer } from './facts.js';

const sha256: Sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const [till, ann] = [`0x${'11'.repeat(20)}`, `0x${'22'.repeat(20)}`] as const;

const transfer: SealedTransfer = {
  transferId: 't',
  network: 'eip155:84532',
  blockNumber: 100n,
  blockHash: '0xb1',
  blockTimeUnixSeconds: 1_795_000_000,
  txHash: '0x77',
  position: 3,
  assetId: 1,
  from: ann,
  to: till,
  fromWalletId: null,
  toWalletId: 'w',
  amountAtomic: 10_000n,
  replayKeyHash: new Uint8Array(32),
};
const allocation: SealedAllocation = {
  allocationId: 'a',
  transferId: 't',
  leg: 0,
  intentId: 'i',
  bucket: 'payment',
  amountAtomic: 10_000n,
  matchedBy: 'nonce',
  actorId: null,
};
const sealed = factsHash(transfer, allocation, sha256);

describe('factsHash', () => {
  it.each<[Partial<SealedTransfer>]>([
    [{ transferId: 'u' }],
    [{ network: 'eip155:8453' }],
    [{ blockNumber: 101n }],
    [{ blockHash: '0xb2' }],
    [{ blockTimeUnixSeconds: 1_795_000_001 }],
    [{ txHash: '0x78' }],
    [{ position: 4 }],
    [{ assetId: 2 }],
    [{ from: till }],
    [{ to: ann }],
    [{ fromWalletId: 'w' }],
    [{ toWalletId: null }],
    [{ amountAtomic: 10_001n }],
    [{ replayKeyHash: null }],
  ])('tells a transfer with %o from the one that was booked', (changes) => {
    expect(changedFacts(sealed, factsHash({ ...transfer, ...changes }, allocation, sha256))).toEqual({
      isTransferChanged: true,
      isAllocationChanged: false,
    });
  });

  it.each<[Partial<SealedAllocation>]>([
    [{ allocationId: 'b' }],
    [{ transferId: 'u' }],
    [{ leg: 1 }],
    [{ intentId: null }],
    [{ bucket: 'late' }],
    [{ amountAtomic: 1n }],
    [{ matchedBy: 'hand' }],
    [{ actorId: 'somebody' }],
  ])('tells an allocation with %o from the one that was booked', (changes) => {
    expect(changedFacts(sealed, factsHash(transfer, { ...allocation, ...changes }, sha256))).toEqual({
      isTransferChanged: false,
      isAllocationChanged: true,
    });
  });

  it('is as long as a hash, and the same for the same rows', () => {
    expect(sealed).toHaveLength(32);
    expect(changedFacts(sealed, factsHash({ ...transfer }, { ...allocation }, sha256))).toEqual({
      isTransferChanged: false,
      isAllocationChanged: false,
    });
  });
});

describe('differencesFromCause', () => {
  const entry: EntryForHash = {
    entrySeq: 1n,
    kind: 'payment_confirmed',
    causeKind: 'allocation',
    causeId: 'a',
    intentId: 'i',
    network: 'eip155:84532',
    blockNumber: 100n,
    effectiveAtUnixSeconds: 1_795_000_000,
    localDay: '2026-11-18',
    factsHash: null,
    postings: [
      {
        debitCode: `assets:wallet:eip155:84532:${till}`,
        creditCode: 'pending:none',
        assetId: 1,
        amountAtomic: 10_000n,
      },
    ],
  };
  const [posting] = entry.postings;
  const told = (changed: Partial<EntryForHash>) =>
    differencesFromCause({ ...entry, ...changed }, { transfer, allocation }).map(({ leg, text }) => `${leg}: ${text}`);

  it('finds none where entry, allocation and transfer say the same', () => {
    expect(told({})).toEqual([]);
    expect(told({ kind: 'payment_final_reversed' })).toEqual([]);
  });

  it('names what an entry says and what its cause says', () => {
    expect(told({ kind: 'late_confirmed' })).toEqual(['null: kind is late, its allocation says payment']);
    expect(told({ intentId: null })).toEqual(['null: intent_id is null, its allocation says i']);
    expect(told({ blockNumber: 7n })).toEqual(['null: block_number is 7, its transfer says 100']);
    if (!posting) throw new Error('the entry has a posting');
    expect(told({ postings: [{ ...posting, amountAtomic: 9n, assetId: 2 }] })).toEqual([
      '0: amount_atomic is 9, its allocation says 10000',
      '0: asset_id is 2, its transfer says 1',
    ]);
    const elsewhere = `assets:wallet:eip155:84532:0x${'33'.repeat(20)}`;
    expect(told({ postings: [{ ...posting, debitCode: elsewhere }] })).toEqual([
      `0: account is ${elsewhere}, its transfer says ${ann} to ${till}`,
    ]);
  });
});
