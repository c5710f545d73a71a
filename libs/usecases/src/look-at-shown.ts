import {
  dueAtomic,
  equalBytes,
  formatDecimal,
  intentIdOfInvoice,
  isPaid,
  judgeShownTransfer,
  lastTransferUnixSeconds,
  offerGraceSeconds,
  paidAtomic,
  type ShownClaim,
} from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { orNullIfAway } from './chain-unavailable.js';
import { attemptOfPaid, claimTransfer, endOf, liveAttempt, shownClaimOf, transfersFor } from './claim-transfer.js';
import { holdBack } from './hold-back.js';
import type { IntentKey, IntentRecord } from './ports/records.js';
import type { ShownStanding } from './ports/shown-transfers.js';
import { type PurchaseDeps, type PurchaseOutcome, refusedWith } from './purchase.js';
import { replay } from './resume-attempt.js';
import { failureReceipt } from './send-and-serve.js';
import { type Asked, proofRequired, type Refused, type ShownPurchase } from './shown-purchase.js';

/** Nothing to say yet; `code` is what to say when the time is up. */
type Waiting = { readonly kind: 'wait'; readonly code: 'transfer_pending' | 'payment_in_progress' };

export type Looked = PurchaseOutcome | Waiting | { readonly kind: 'again' };

const pending: Waiting = { kind: 'wait', code: 'transfer_pending' };
const inProgress: Waiting = { kind: 'wait', code: 'payment_in_progress' };

/** What there is to say now to whoever shows an invoice, or a transaction for it. */
export async function lookAtShown(deps: PurchaseDeps, shown: ShownPurchase, asked: Asked): Promise<Looked> {
  const intentId = intentIdOfInvoice(asked.offer.invoiceBytes, deps.crypto.sha256);
  const standing = await deps.shown.store.standing(shown.book.bookId, intentId, shown.txHash);
  if (shown.txHash === null) return lookAtInvoice(deps, shown, asked, standing.intent);
  return lookAtTransfer(deps, shown, asked, standing, { txHash: shown.txHash, intentId });
}

/** What an invoice gives that is shown alone: what it bought, or the word that it has not been paid. */
async function lookAtInvoice(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  { offer, refusal, provenBy }: Asked,
  intent: IntentRecord | null,
): Promise<Looked> {
  const { invoiceId } = shown;
  const isOver = deps.clock.nowMs() / 1000 > offer.expiresAtUnixSeconds + offerGraceSeconds;
  const unpaid = refusedWith(refusal ?? (isOver ? 'offer_expired' : 'payment_required'));
  if (!intent) return unpaid;
  const live = liveAttempt(intent);
  // What a signature bought is read with that payload, or by its payer's proof (section 5); an id stands in receipts.
  if (live?.kind === 'authorization' && provenBy?.address !== live.payer) {
    return refusedWith(shown.txHash === null ? 'payment_required' : 'payment_used_elsewhere');
  }
  if (isPaid(intent.status)) return servePaid(deps, shown, intent);
  if (live?.kind === 'transfer') return isSameRequest(shown, live) ? pending : refusedWith('offer_already_used');
  switch (intent.status) {
    case 'unknown': {
      if (!live) return pending;
      const receipt = failureReceipt(live, 'settlement_pending');
      return { kind: 'unknown', code: 'payment_outcome_unknown', receipt, invoiceId };
    }
    case 'canceled':
      return refusedWith('invoice_canceled', invoiceId);
    case 'expired':
      return refusedWith('offer_expired');
    default:
      if (live) return inProgress;
      // Opened for a transfer, it may have been paid a moment ago: whoever asks is not invited to pay anew.
      return intent.status === 'open' && intent.reservedAtomic !== null ? pending : unpaid;
  }
}

type Named = { readonly txHash: string; readonly intentId: string };

async function lookAtTransfer(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  asked: Asked,
  standing: ShownStanding,
  { txHash, intentId }: Named,
): Promise<Looked> {
  const { intent } = standing;
  const { invoiceId } = shown;
  const claim = shownClaimOf(asked, standing);
  const networks = claim.terms.map(({ network }) => network);
  const verdict = judgeShownTransfer(transfersFor(standing, intentId), claim);
  const ended = (intent && endOf(intent)) ?? asked.refusal;
  switch (verdict.kind) {
    case 'taken_here':
      return (intent && partOf(deps, shown, intent)) ?? lookAtInvoice(deps, shown, asked, intent);
    case 'acceptable':
      if (ended) return refusedWith(ended, invoiceId);
      return take(deps, shown, asked, { txHash, intentId }, verdict.transfer.from);
    case 'short':
      return short(deps, shown, verdict.transfer.assetId, verdict.missingAtomic);
    case 'not_acceptable': {
      const { expected, received } = verdict;
      return { kind: 'refused', code: 'transfer_not_acceptable', expected, received };
    }
    case 'used_elsewhere':
      return refusedWith('payment_used_elsewhere');
    case 'booked_elsewhere':
      return refusedWith('transfer_booked_elsewhere', invoiceId);
    case 'unbound':
      return proofRequired(deps.shown.host, shown, networks);
    case 'unseen': {
      // A reorg may have taken its block away; it is this invoice's own all the same, until that is proved to be over.
      const own = intent?.attempts.find((each) => each.txHash === txHash && each.releasedAtMs === null);
      if (intent && own && own.status !== 'failed') return lookAtInvoice(deps, shown, asked, intent);
      if (own?.kind === 'transfer') return inNoBlock(claim);
      // Whoever has no way to prove it is told so at once, and costs no node a question.
      if (claim.provenBy === null && claim.reserved === null) return proofRequired(deps.shown.host, shown, networks);
      if (ended) return refusedWith(ended, invoiceId);
      return (
        (await isNoPayment(deps, shown, networks, { txHash, intentId })) ??
        (await cannotCome(deps, shown, claim, { txHash, intentId })) ??
        pending
      );
    }
  }
}

/** A transfer that a person gave to the invoice, and that does not pay it whole. */
function partOf(deps: PurchaseDeps, shown: ShownPurchase, intent: IntentRecord): Refused | null {
  const paid = paidAtomic(intent.allocations);
  const missingAtomic = dueAtomic(intent) - paid;
  return paid > 0n && missingAtomic > 0n ? short(deps, shown, intent.assetId, missingAtomic) : null;
}

function short(deps: PurchaseDeps, { invoiceId }: ShownPurchase, assetId: number, missingAtomic: bigint): Refused {
  const asset = assetOf(deps.catalog, assetId);
  const missing = { amount: formatDecimal(missingAtomic, asset.decimals), asset: asset.symbol };
  return { kind: 'refused', code: 'transfer_short', invoiceId, missing };
}

/** T1 for a shown transfer; whatever it came to, the next look says what follows. */
async function take(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  asked: Asked,
  named: Named,
  payer: string,
): Promise<Looked> {
  const { book, endpoint, onCounted } = shown;
  const caller = { book, endpoint, presented: { authorization: { from: payer } }, ...(onCounted && { onCounted }) };
  const held = await holdBack(deps, caller, () => Promise.resolve(false));
  if (held) return held;
  await claimTransfer(deps, shown, asked, named);
  deps.failpoint('claim_committed');
  return { kind: 'again' };
}

/**
 * A transaction that our node has in a block which our indexer has read and booked, and of which it has no transfer to
 * us: it was reverted, or paid others. Null while that is not certain.
 */
async function isNoPayment(
  deps: PurchaseDeps,
  { book }: ShownPurchase,
  networks: readonly string[],
  { txHash, intentId }: Named,
): Promise<Refused | null> {
  for (const network of networks) {
    const receipt = await orNullIfAway(deps.chainOf(network)?.reader.receipt(txHash) ?? Promise.resolve(null));
    const height = receipt && (await deps.shown.store.confirmedHeight(network));
    if (!receipt || height === null || height < receipt.blockNumber) continue;
    const { transfers } = await deps.shown.store.standing(book.bookId, intentId, txHash);
    if (transfers.length > 0) return null;
    const received = receipt.isSuccess ? 'a transaction without one' : 'a transaction that was reverted';
    const expected = 'a transfer to the address of the invoice';
    return { kind: 'refused', code: 'transfer_not_acceptable', expected, received };
  }
  return null;
}

/**
 * A transaction that is in no block up to a final one whose time is beyond the offer's: whatever comes of it later comes
 * too late. Told by the chain's time alone, which a hash that nobody ever mines reaches too.
 */
async function cannotCome(
  deps: PurchaseDeps,
  { book }: ShownPurchase,
  claim: ShownClaim,
  { txHash, intentId }: Named,
): Promise<Refused | null> {
  const lastUnixSeconds = lastTransferUnixSeconds(claim.expiresAtUnixSeconds);
  for (const { network } of claim.terms) {
    // A proof is for one network: what another one shows is not bound by it.
    if (claim.reserved === null && claim.provenBy?.network !== network) continue;
    const finalUnixSeconds = await deps.shown.store.finalTimeUnixSeconds(network);
    if (finalUnixSeconds === null || finalUnixSeconds <= lastUnixSeconds) return null;
  }
  const { transfers } = await deps.shown.store.standing(book.bookId, intentId, txHash);
  if (transfers.length > 0) return null;
  return inNoBlock(claim);
}

function inNoBlock({ expiresAtUnixSeconds }: ShownClaim): Refused {
  const latest = new Date(lastTransferUnixSeconds(expiresAtUnixSeconds) * 1000).toISOString();
  return { kind: 'refused', code: 'transfer_not_acceptable', expected: `a block by ${latest}`, received: 'none' };
}

/** What was bought: the kept answer, or the upstream's work, which is done once for the first request that asks. */
export async function servePaid(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  intent: IntentRecord,
): Promise<PurchaseOutcome | Waiting> {
  const { invoiceId } = shown;
  const live = liveAttempt(intent);
  if (live && !isSameRequest(shown, live)) return refusedWith('offer_already_used');
  const attempt = await attemptOfPaid(deps, shown, intent);
  if (!attempt) return refusedWith('invoice_already_paid', invoiceId);
  if (!isSameRequest(shown, attempt)) return refusedWith('offer_already_used');
  if (attempt.status !== 'confirmed' && attempt.status !== 'final') return inProgress;
  const answer = await replay(deps, shown, attempt, invoiceId);
  return answer.kind === 'wait' || answer.kind === 'claim_again' ? inProgress : answer;
}

/**
 * The invoice that a transfer of this payer paid, so that no signature is to pay it again; null where none did, or
 * where it bought another request. Whether the payer is the one who asks is the caller's to prove.
 */
export async function paidByTransfer(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  { bookId, intentId, payer }: IntentKey & { readonly payer: string },
): Promise<IntentRecord | null> {
  const { intent } = await deps.shown.store.standing(bookId, intentId, null);
  if (!intent || !isPaid(intent.status) || intent.payer !== payer) return null;
  const live = liveAttempt(intent);
  const isItsOwn = !live || (live.kind === 'transfer' && isSameRequest(shown, live));
  return isItsOwn ? intent : null;
}

function isSameRequest(
  shown: Pick<ShownPurchase, 'requestFingerprint'>,
  attempt: { readonly requestFingerprint: Uint8Array },
): boolean {
  return equalBytes(attempt.requestFingerprint, shown.requestFingerprint);
}
