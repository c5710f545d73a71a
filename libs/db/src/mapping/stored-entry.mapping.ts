import type { EntryForHash } from '@tollbook/domain';
import type { EntryCause, LedgerEntryRecord } from '@tollbook/usecases';
import { fromDbBytes, fromDbBytesOrNull, fromDbHex, required } from './column.mapping.js';

/** One posting with its entry. Entries repeat for each posting; one without any has a single row, its posting null. */
export type EntryPostingRow = {
  readonly entry_seq: bigint;
  readonly kind: string;
  readonly cause_kind: string;
  readonly cause_id: string;
  readonly intent_id: string | null;
  readonly caip2: string | null;
  readonly block_number: bigint | null;
  readonly effective_at: Date;
  readonly local_day: string;
  readonly chain_hash: Uint8Array;
  readonly facts_hash: Uint8Array | null;
  readonly leg: number | null;
  readonly debit_code: string | null;
  readonly credit_code: string | null;
  readonly asset_id: number | null;
  readonly amount_atomic: string | null;
};

/** The same with the allocation and the transfer that caused the entry, as they are now. */
export type CausedPostingRow = EntryPostingRow & {
  readonly allocation_id: string | null;
  readonly allocated_transfer_id: string;
  readonly allocation_leg: number;
  readonly allocated_intent_id: string | null;
  readonly bucket: string;
  readonly allocated_atomic: string;
  readonly matched_by: string;
  readonly actor_id: string | null;
  readonly refund_id: string | null;
  readonly forgiven_atomic: string;
  readonly transfer_id: string | null;
  readonly transfer_caip2: string;
  readonly transfer_block_number: bigint;
  readonly block_hash: Uint8Array;
  readonly block_time: Date;
  readonly tx_hash: Uint8Array;
  readonly position: number;
  readonly transfer_asset_id: number;
  readonly from_address: Uint8Array;
  readonly to_address: Uint8Array;
  readonly from_wallet_id: string | null;
  readonly to_wallet_id: string | null;
  readonly transfer_atomic: string;
  readonly replay_key: Uint8Array;
};

/** An entry with the hash that was stored with it. */
export type StoredEntry = { readonly entry: EntryForHash; readonly chainHash: Uint8Array };

/** As `fromDbStoredEntries`, with what caused each. */
export function fromDbCausedEntries(rows: readonly CausedPostingRow[]): LedgerEntryRecord[] {
  const causes = new Map(rows.map((row) => [row.entry_seq, causeOf(row)]));
  return fromDbStoredEntries(rows).map((each) => ({ ...each, cause: causes.get(each.entry.entrySeq) ?? null }));
}

/** Read as it stands, by no list: whoever checks the books has to see also what cannot be. */
function causeOf(row: CausedPostingRow): EntryCause | null {
  if (row.allocation_id === null || row.transfer_id === null) return null;
  return {
    allocation: {
      allocationId: row.allocation_id,
      transferId: row.allocated_transfer_id,
      leg: row.allocation_leg,
      intentId: row.allocated_intent_id,
      bucket: row.bucket,
      amountAtomic: BigInt(row.allocated_atomic),
      matchedBy: row.matched_by,
      actorId: row.actor_id,
      refundId: row.refund_id,
      forgivenAtomic: BigInt(row.forgiven_atomic),
    },
    transfer: {
      transferId: row.transfer_id,
      network: row.transfer_caip2,
      blockNumber: row.transfer_block_number,
      blockHash: fromDbHex(row.block_hash),
      blockTimeUnixSeconds: row.block_time.getTime() / 1000,
      txHash: fromDbHex(row.tx_hash),
      position: row.position,
      assetId: row.transfer_asset_id,
      from: fromDbHex(row.from_address),
      to: fromDbHex(row.to_address),
      fromWalletId: row.from_wallet_id,
      toWalletId: row.to_wallet_id,
      amountAtomic: BigInt(row.transfer_atomic),
      replayKeyHash: fromDbBytes(row.replay_key),
    },
  };
}

/** Entries out of rows that are sorted by entry and leg. */
export function fromDbStoredEntries(rows: readonly EntryPostingRow[]): StoredEntry[] {
  const entries: (StoredEntry & { readonly postings: EntryForHash['postings'][number][] })[] = [];
  for (const row of rows) {
    let last = entries.at(-1);
    if (last?.entry.entrySeq !== row.entry_seq) {
      const postings: EntryForHash['postings'][number][] = [];
      last = { entry: fromDbEntry(row, postings), chainHash: fromDbBytes(row.chain_hash), postings };
      entries.push(last);
    }
    if (row.leg !== null) last.postings.push(fromDbPosting(row));
  }
  return entries.map(({ entry, chainHash }) => ({ entry, chainHash }));
}

function fromDbEntry(row: EntryPostingRow, postings: EntryForHash['postings']): EntryForHash {
  return {
    entrySeq: row.entry_seq,
    kind: row.kind,
    causeKind: row.cause_kind,
    causeId: row.cause_id,
    intentId: row.intent_id,
    network: row.caip2,
    blockNumber: row.block_number,
    effectiveAtUnixSeconds: row.effective_at.getTime() / 1000,
    localDay: row.local_day,
    factsHash: fromDbBytesOrNull(row.facts_hash),
    postings,
  };
}

function fromDbPosting(row: EntryPostingRow): EntryForHash['postings'][number] {
  return {
    debitCode: required(row.debit_code, 'ledger_accounts.code'),
    creditCode: required(row.credit_code, 'ledger_accounts.code'),
    assetId: required(row.asset_id, 'ledger_postings.asset_id'),
    amountAtomic: BigInt(required(row.amount_atomic, 'ledger_postings.amount_atomic')),
  };
}
