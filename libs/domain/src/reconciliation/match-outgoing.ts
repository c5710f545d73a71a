import type { Match, MatchLeg } from './match-transfer.js';

/** Money that left one of our wallets for somebody else's. */
export type OutgoingTransfer = {
  readonly amountAtomic: bigint;
  readonly blockNumber: bigint;
  readonly txHash: string;
  /** Whether whoever got it had paid us before: the likeliest reason to send them something is a refund. */
  readonly isToPayer: boolean;
};

/** A refund that waits for its transfer, of the very amount and to the very address that this one went to. */
export type RefundCandidate = {
  readonly refundId: string;
  readonly intentId: string;
  /** The transaction that somebody named for it. */
  readonly namedTxHash: string | null;
  /** The last block that had been read when it was announced: what moved before was meant otherwise, unless named. */
  readonly afterBlock: bigint;
};

export type RefundMatch<Refund> =
  | { readonly kind: 'matched'; readonly refund: Refund; readonly matchedBy: 'tx_hash' | 'amount' }
  | { readonly kind: 'ambiguous' | 'none' };

/**
 * Which of the refunds that it fits a transfer carries out; the candidates come oldest first. One that names its
 * transaction goes before all; without a name it must be the only one, or all be of one payment. What is left is for a
 * person: two equal debts to one address are never told apart by guessing.
 */
export function matchRefund<Refund extends RefundCandidate>(
  transfer: Pick<OutgoingTransfer, 'blockNumber' | 'txHash'>,
  candidates: readonly Refund[],
): RefundMatch<Refund> {
  const named = candidates.find(({ namedTxHash }) => namedTxHash === transfer.txHash);
  if (named) return { kind: 'matched', refund: named, matchedBy: 'tx_hash' };
  const [first, ...others] = candidates.filter(
    ({ namedTxHash, afterBlock }) => namedTxHash === null && transfer.blockNumber > afterBlock,
  );
  if (!first) return { kind: 'none' };
  if (others.some(({ intentId }) => intentId !== first.intentId)) return { kind: 'ambiguous' };
  return { kind: 'matched', refund: first, matchedBy: 'amount' };
}

/**
 * Where outgoing money stands in the books. A refund returns what was never income first. Everything else left the
 * wallet for an account outside; where it went to somebody who had paid us, or more than one refund fits it, a person
 * is asked what it was.
 */
export function matchOutgoing<Refund extends RefundCandidate>(
  transfer: OutgoingTransfer,
  found: RefundMatch<Refund>,
  returnedAtomic: bigint,
): Match {
  const { amountAtomic } = transfer;
  if (amountAtomic === 0n) return { legs: [], discrepancies: [], isAttemptPaid: false };
  if (found.kind !== 'matched') {
    const leg: MatchLeg = { bucket: 'sweep', amountAtomic, intentId: null, matchedBy: 'none' };
    const isOpen = found.kind === 'ambiguous' || transfer.isToPayer;
    const discrepancies = isOpen ? [{ kind: 'unmatched_outflow' as const, amountAtomic }] : [];
    return { legs: [leg], discrepancies, isAttemptPaid: false };
  }
  const { refundId, intentId } = found.refund;
  const leg = { bucket: 'refund' as const, intentId, refundId, matchedBy: found.matchedBy };
  const legs = [
    { ...leg, amountAtomic: returnedAtomic, isOwed: true },
    { ...leg, amountAtomic: amountAtomic - returnedAtomic, isOwed: false },
  ];
  return { legs: legs.filter((each) => each.amountAtomic > 0n), discrepancies: [], isAttemptPaid: false };
}
