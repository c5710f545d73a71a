import { clockToleranceSeconds, offerGraceSeconds } from '../offer/terms-version.js';
import { type AmountPromise, namesItsInvoice } from './reserve-amount.js';

/** A transfer of the transaction that was shown, as our own indexer read it. */
export type ShownTransfer = {
  readonly network: string;
  readonly blockNumber: bigint;
  readonly blockTimeUnixSeconds: number;
  readonly assetId: number;
  readonly from: string;
  readonly fromWalletId: string | null;
  readonly toWalletId: string | null;
  readonly amountAtomic: bigint;
  /**
   * The intent whose attempt holds the transfer's key, or that its money was given to; null while it is free. `named`:
   * it was given away by what it looks like, its amount or a person's hand, or bought nothing. Nobody proved to be its payer.
   */
  readonly takenBy: 'this_invoice' | 'another' | 'another_named' | null;
};

/** What an invoice asks on one network. */
export type ShownTerms = {
  readonly network: string;
  readonly assetId: number;
  readonly walletId: string;
  /** What is still to be paid. */
  readonly missingAtomic: bigint;
};

export type ShownClaim = {
  readonly terms: readonly ShownTerms[];
  readonly issuedAtUnixSeconds: number;
  readonly expiresAtUnixSeconds: number;
  /** Who proved to have sent it, lower-case, and on which network; null where nobody did. */
  readonly provenBy: { readonly network: string; readonly address: string } | null;
  /** The amount that names the invoice (B2). */
  readonly reserved: (AmountPromise & { readonly amountAtomic: bigint }) | null;
};

export type ShownVerdict<Transfer> =
  | { readonly kind: 'taken_here' | 'acceptable'; readonly transfer: Transfer }
  | { readonly kind: 'short'; readonly transfer: Transfer; readonly missingAtomic: bigint }
  | { readonly kind: 'not_acceptable'; readonly expected: string; readonly received: string }
  | { readonly kind: 'used_elsewhere' | 'booked_elsewhere' | 'unbound' | 'unseen' };

/** The further down, the nearer a transfer came to paying. */
const ranks = [
  'unseen',
  'not_acceptable',
  'used_elsewhere',
  'unbound',
  'booked_elsewhere',
  'outside',
  'short',
  'acceptable',
  'taken_here',
];

/**
 * Whether a transfer of a shown transaction pays an invoice (payment core, section 8). Anybody can read a hash, so it
 * counts only where the payer proved it (B3) or where its amount was promised to this invoice (B2). Looked at in this
 * order: recipient and asset, who has it already (A36), what binds it, when it came, how much it is. Whoever proves a
 * transfer that another was given without proof is told so, and never that it bought something. Of several
 * transfers in one transaction the one that comes nearest is judged, the first of those.
 */
export function judgeShownTransfer<Transfer extends ShownTransfer>(
  transfers: readonly Transfer[],
  claim: ShownClaim,
): ShownVerdict<Transfer> {
  let best: Judged<Transfer> = { rank: 'unseen', verdict: { kind: 'unseen' } };
  for (const transfer of transfers) {
    const judged = judge(transfer, claim);
    if (ranks.indexOf(judged.rank) > ranks.indexOf(best.rank)) best = judged;
  }
  return best.verdict;
}

type Judged<Transfer> = { readonly rank: string; readonly verdict: ShownVerdict<Transfer> };

function judge<Transfer extends ShownTransfer>(transfer: Transfer, claim: ShownClaim): Judged<Transfer> {
  const { network, toWalletId, assetId, amountAtomic } = transfer;
  const terms = claim.terms.find((each) => each.network === network && each.walletId === toWalletId);
  if (!terms || transfer.fromWalletId !== null) {
    return outside('not_acceptable', 'a transfer to the address of the invoice', 'a transfer between others');
  }
  if (terms.assetId !== assetId) return outside('not_acceptable', 'the token of the invoice', 'another token');
  if (transfer.takenBy === 'another') return plain('used_elsewhere');
  if (transfer.takenBy === 'this_invoice') return { rank: 'taken_here', verdict: { kind: 'taken_here', transfer } };
  if (transfer.takenBy === 'another_named') return plain(isProven(transfer, claim) ? 'booked_elsewhere' : 'unbound');
  if (!isProven(transfer, claim) && !isNamed(transfer, claim)) return plain('unbound');
  const { earliest, latest } = windowOf(claim);
  const { blockTimeUnixSeconds } = transfer;
  if (blockTimeUnixSeconds < earliest || blockTimeUnixSeconds > latest) {
    return outside(
      'outside',
      `a block between ${timeText(earliest)} and ${timeText(latest)}`,
      timeText(blockTimeUnixSeconds),
    );
  }
  if (amountAtomic < terms.missingAtomic) {
    const missingAtomic = terms.missingAtomic - amountAtomic;
    return { rank: 'short', verdict: { kind: 'short', transfer, missingAtomic } };
  }
  return { rank: 'acceptable', verdict: { kind: 'acceptable', transfer } };
}

function isProven({ network, from }: ShownTransfer, { provenBy }: ShownClaim): boolean {
  return provenBy !== null && provenBy.network === network && provenBy.address === from;
}

function isNamed({ amountAtomic, blockNumber }: ShownTransfer, { reserved }: ShownClaim): boolean {
  return reserved !== null && reserved.amountAtomic === amountAtomic && namesItsInvoice(blockNumber, reserved);
}

/** When a transfer may have come, in chain time. */
function windowOf({ issuedAtUnixSeconds, expiresAtUnixSeconds }: ShownClaim) {
  return {
    earliest: issuedAtUnixSeconds - clockToleranceSeconds,
    latest: lastTransferUnixSeconds(expiresAtUnixSeconds),
  };
}

/** The last chain time at which a transfer pays an offer that ends then; what comes later is late. */
export function lastTransferUnixSeconds(expiresAtUnixSeconds: number): number {
  return expiresAtUnixSeconds + offerGraceSeconds;
}

function timeText(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}

function outside<Transfer>(rank: string, expected: string, received: string): Judged<Transfer> {
  return { rank, verdict: { kind: 'not_acceptable', expected, received } };
}

function plain<Transfer>(kind: 'used_elsewhere' | 'booked_elsewhere' | 'unbound'): Judged<Transfer> {
  return { rank: kind, verdict: { kind } };
}
