import { asciiBytes, hexOf, type Sha256, utf8Bytes } from '../hash.js';
import { type EntryForHash, joinFields } from './entry.js';

/** The fields of a transfer that its entries seal. */
export type SealedTransfer = {
  readonly transferId: string;
  readonly network: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly blockTimeUnixSeconds: number;
  readonly txHash: string;
  readonly position: number;
  readonly assetId: number;
  readonly from: string;
  readonly to: string;
  readonly fromWalletId: string | null;
  readonly toWalletId: string | null;
  readonly amountAtomic: bigint;
  readonly replayKeyHash: Uint8Array | null;
};

/** The fields of an allocation that its entries seal. */
export type SealedAllocation = {
  readonly allocationId: string;
  readonly transferId: string;
  readonly leg: number;
  readonly intentId: string | null;
  readonly bucket: string;
  readonly amountAtomic: bigint;
  readonly matchedBy: string;
  readonly actorId?: string | null;
  readonly refundId?: string | null;
  readonly forgivenAtomic?: bigint;
};

/** Of each digest; two make one hash's length. */
const digestBytes = 16;

/**
 * What an entry remembers of the rows that caused it: the first half of the transfer's SHA-256, then the first half of
 * the allocation's. It is part of the entry's own hash, so neither row can be changed afterwards without being named.
 */
export function factsHash(transfer: SealedTransfer, allocation: SealedAllocation, sha256: Sha256): Uint8Array {
  // A transfer is hex and numbers; who matched an allocation by hand is named by text of any kind.
  const digests = [sha256(asciiBytes(transferText(transfer))), sha256(utf8Bytes(allocationText(allocation)))];
  const sealed = new Uint8Array(digestBytes * digests.length);
  for (const [index, digest] of digests.entries()) sealed.set(digest.subarray(0, digestBytes), digestBytes * index);
  return sealed;
}

/** Which of the two rows is not what it was when its entry was posted. */
export function changedFacts(
  sealed: Uint8Array,
  now: Uint8Array,
): { readonly isTransferChanged: boolean; readonly isAllocationChanged: boolean } {
  const differs = (from: number) =>
    sealed.subarray(from, from + digestBytes).some((byte, at) => byte !== now[from + at]);
  return { isTransferChanged: differs(0), isAllocationChanged: differs(digestBytes) };
}

/**
 * Where an entry contradicts the rows that caused it, as `<row> <column> is <what the entry says>, not <what they say>`:
 * empty where each repeats the other. Days, causes and accounts of other kinds are repeated nowhere.
 */
export function differencesFromCause(
  entry: EntryForHash,
  { transfer, allocation }: { readonly transfer: SealedTransfer; readonly allocation: SealedAllocation },
): readonly { readonly leg: number | null; readonly text: string }[] {
  const found: { leg: number | null; text: string }[] = [];
  const compare = (leg: number | null, column: string, is: unknown, not: unknown, whose: string) => {
    if (is !== not) found.push({ leg, text: `${column} is ${is}, its ${whose} says ${not}` });
  };
  const bucket = /^([a-z]+)_/.exec(entry.kind)?.[1] ?? entry.kind;
  compare(null, 'kind', bucket, allocation.bucket, 'allocation');
  compare(null, 'intent_id', entry.intentId, allocation.intentId, 'allocation');
  compare(null, 'network', entry.network, transfer.network, 'transfer');
  compare(null, 'block_number', entry.blockNumber, transfer.blockNumber, 'transfer');
  compare(null, 'effective_at', entry.effectiveAtUnixSeconds, transfer.blockTimeUnixSeconds, 'transfer');
  const addresses = [transfer.from, transfer.to].map((address) => address.toLowerCase());
  for (const [leg, posting] of entry.postings.entries()) {
    compare(leg, 'amount_atomic', posting.amountAtomic, allocation.amountAtomic, 'allocation');
    compare(leg, 'asset_id', posting.assetId, transfer.assetId, 'transfer');
    for (const code of [posting.debitCode, posting.creditCode].filter((each) => each.startsWith(walletPrefix))) {
      const isIts = addresses.some((address) => code.toLowerCase().endsWith(`:${address}`));
      if (!isIts) found.push({ leg, text: `account is ${code}, its transfer says ${addresses.join(' to ')}` });
    }
  }
  return found;
}

const walletPrefix = 'assets:wallet:';

function transferText(t: SealedTransfer): string {
  const place = [t.transferId, t.network, t.blockNumber, t.blockHash, t.blockTimeUnixSeconds, t.txHash, t.position];
  const sides = [t.assetId, t.from, t.to, t.fromWalletId, t.toWalletId, t.amountAtomic];
  return joinFields([...place, ...sides, t.replayKeyHash === null ? null : hexOf(t.replayKeyHash)]);
}

function allocationText(a: SealedAllocation): string {
  const { allocationId, transferId, leg, intentId, bucket, amountAtomic, matchedBy, actorId, refundId } = a;
  const fields = [allocationId, transferId, leg, intentId, bucket, amountAtomic, matchedBy, actorId ?? null];
  const more = [refundId ? [refundId] : [], a.forgivenAtomic ? [a.forgivenAtomic] : []].flat();
  return joinFields([...fields, ...more]);
}
