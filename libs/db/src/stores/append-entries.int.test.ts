import {
  type EntryDraft,
  type EntryForHash,
  entryHash,
  equalBytes,
  firstChainHash,
  postConfirmed,
  postFinal,
  postReversal,
} from '@tollbook/domain';
import { LeaseLost } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPaymentWorld, network, newUuid, type PaymentWorld, walletOf } from '../../test/payment-world.js';
import { sha256 } from '../sha256.js';

let world: PaymentWorld;

beforeAll(async () => {
  world = await createPaymentWorld();
});

afterAll(async () => {
  await world?.end();
});

function buildPayment(bookId = 1) {
  const { address, walletId } = walletOf(bookId);
  return {
    allocationId: newUuid(),
    bucket: 'payment' as const,
    amountAtomic: 2n ** 200n,
    assetId: 1,
    intentId: null,
    endpointId: null,
    wallet: { type: 'wallet' as const, network, address, walletId },
    otherWallet: null,
    network,
    blockNumber: 100n,
    effectiveAtUnixSeconds: 1_795_000_000,
    localDay: '2026-11-19',
    factsHash: new Uint8Array(32).fill(7),
  };
}

async function append(drafts: readonly { bookId: number; entry: EntryDraft }[]): Promise<void> {
  const lease = await world.chain.takeLease(`append/${newUuid()}`, 'test', 60_000);
  if (!lease) throw new LeaseLost('a fresh lease is free');
  await world.chain.underLease(lease, (tx) => tx.appendEntries(drafts));
}

type StoredEntry = { readonly entry: EntryForHash; readonly chainHash: Uint8Array };

/** The entries of a book as an auditor would read them: from the tables alone. */
async function storedEntries(bookId: number): Promise<StoredEntry[]> {
  const rows = await world.rows<
    Record<string, string> & { chain_hash: Uint8Array; facts_hash: Uint8Array; postings: string[][] }
  >(
    `select e.*, n.caip2, extract(epoch from e.effective_at)::bigint as effective_at, e.local_day::text as local_day,
       (select array_agg(array[d.code, c.code, p.asset_id::text, p.amount_atomic::text] order by p.leg)
        from ledger_postings p
        join ledger_accounts d on d.book_id = p.book_id and d.account_id = p.debit_account_id
        join ledger_accounts c on c.book_id = p.book_id and c.account_id = p.credit_account_id
        where p.book_id = e.book_id and p.entry_seq = e.entry_seq) as postings
     from ledger_entries e left join networks n using (network_id) where e.book_id = $1 order by e.entry_seq`,
    [bookId],
  );
  return rows.map((row) => ({
    chainHash: row.chain_hash,
    entry: {
      entrySeq: BigInt(row.entry_seq ?? 0),
      kind: String(row.kind),
      causeKind: String(row.cause_kind),
      causeId: String(row.cause_id),
      intentId: row.intent_id ?? null,
      network: row.caip2 ?? null,
      blockNumber: row.block_number === null ? null : BigInt(row.block_number ?? 0),
      effectiveAtUnixSeconds: Number(row.effective_at),
      localDay: String(row.local_day),
      factsHash: row.facts_hash,
      postings: row.postings.map(([debitCode = '', creditCode = '', assetId, amountAtomic]) => ({
        debitCode,
        creditCode,
        assetId: Number(assetId),
        amountAtomic: BigInt(amountAtomic ?? 0),
      })),
    },
  }));
}

/** Where the chain of a book breaks first; null when it holds. */
function brokenAt(entries: readonly StoredEntry[]): bigint | null {
  let previous = firstChainHash;
  for (const [index, { entry, chainHash }] of entries.entries()) {
    const isNext = entry.entrySeq === BigInt(index) + 1n;
    if (!isNext || !equalBytes(entryHash(previous, entry, sha256), chainHash)) return entry.entrySeq;
    previous = chainHash;
  }
  return null;
}

describe('appendEntries', () => {
  it('numbers a book without gaps and keeps its chain whole, while four transactions post at once', async () => {
    const batches = Array.from({ length: 4 }, () =>
      Array.from({ length: 6 }, () => [1, 2].map((bookId) => ({ bookId, entry: postConfirmed(buildPayment(bookId)) }))),
    );
    await Promise.all(
      batches.map(async (batch) => {
        for (const drafts of batch) await append([...drafts, ...drafts.map(anew)]);
      }),
    );
    for (const bookId of [1, 2]) {
      const entries = await storedEntries(bookId);
      expect(entries).toHaveLength(48);
      expect(brokenAt(entries)).toBeNull();
      const [head] = await world.rows<{ entry_seq: string; chain_hash: Uint8Array }>(
        'select entry_seq, chain_hash from ledger_heads where book_id = $1',
        [bookId],
      );
      expect(head).toEqual({ entry_seq: '48', chain_hash: entries[47]?.chainHash });
    }
    const entries = await storedEntries(1);
    const forged = entries.map((each) =>
      each === entries[9] ? { ...each, entry: { ...each.entry, causeId: newUuid() } } : each,
    );
    expect(brokenAt(forged)).toBe(10n);
  });

  it('makes each account once and puts an entry into the month of its day', async () => {
    const accounts = await world.rows(
      'select code, kind, wallet_id from ledger_accounts where book_id = 1 order by code',
    );
    const { address, walletId } = walletOf(1);
    expect(accounts).toEqual([
      { code: `assets:wallet:${network}:${address}`, kind: 'asset', wallet_id: walletId },
      { code: 'pending:none', kind: 'pending', wallet_id: null },
    ]);
    expect(await world.rows('select distinct period from ledger_entries')).toEqual([{ period: '2026-11' }]);
  });

  it('posts one cause and kind once: a replay is a bug and leaves nothing', async () => {
    const entry = postConfirmed(buildPayment());
    await append([{ bookId: 1, entry }]);
    const before = await storedEntries(1);
    const replay = append([
      { bookId: 1, entry: postConfirmed(buildPayment()) },
      { bookId: 1, entry },
    ]);
    await expect(replay).rejects.toMatchObject({ constraint: 'ledger_entries_cause' });
    expect(await storedEntries(1)).toEqual(before);
  });

  it('gives back what an allocation posted as it was drafted, until it is reversed', async () => {
    const payment = buildPayment();
    const confirmed = postConfirmed(payment);
    const final = postFinal(payment);
    if (!final) throw new Error('a payment becomes income');
    const keys = [{ bookId: 1, allocationId: payment.allocationId }];
    const posted = [confirmed, final].map((entry) => ({ bookId: 1, entry }));
    await append(posted);
    expect(await entriesOf(keys)).toEqual(posted);
    await append([{ bookId: 1, entry: postReversal(final) }]);
    expect(await entriesOf(keys)).toEqual([{ bookId: 1, entry: confirmed }]);
    await append([{ bookId: 1, entry: postReversal(confirmed) }]);
    expect(await entriesOf(keys)).toEqual([]);
    expect(brokenAt(await storedEntries(1))).toBeNull();
  });
});

async function entriesOf(keys: readonly { bookId: number; allocationId: string }[]) {
  const lease = await world.chain.takeLease('entries', 'test', 60_000);
  if (!lease) throw new LeaseLost('the lease is ours');
  return world.chain.underLease(lease, (tx) => tx.entriesOf(keys));
}

function anew<Draft extends { readonly entry: EntryDraft }>(draft: Draft): Draft {
  return { ...draft, entry: { ...draft.entry, causeId: newUuid() } };
}
