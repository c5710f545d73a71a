import {
  assert,
  dueAtomic,
  isPaid,
  isPaymentBucket,
  judgeShownTransfer,
  paidAtomic,
  type ShownClaim,
  type ShownTransfer,
  uuidV7,
} from '@tollbook/domain';
import { movedAttempt, refreshContext } from './change-attempt.js';
import type { AttemptRecord, IntentKey, IntentRecord, IntentTerms, TransferRecord } from './ports/records.js';
import type { SeenTransfer, ShownAttempt, ShownStanding } from './ports/shown-transfers.js';
import type { PurchaseDeps } from './purchase.js';
import { refreshIntent } from './refresh-intent.js';
import type { Asked, ShownPurchase } from './shown-purchase.js';

/** The attempt of an intent that has not failed; there is one at most. */
export function liveAttempt(intent: IntentRecord): AttemptRecord | undefined {
  return intent.attempts.find(({ status }) => status !== 'failed');
}

/** Why an intent takes no other transfer, or null. */
export function endOf(
  intent: IntentRecord,
): 'invoice_canceled' | 'transfer_not_acceptable' | 'invoice_already_paid' | 'invoice_in_progress' | null {
  if (isPaid(intent.status)) return 'invoice_already_paid';
  if (intent.status === 'canceled') return 'invoice_canceled';
  if (intent.status === 'expired') return 'transfer_not_acceptable';
  return liveAttempt(intent) ? 'invoice_in_progress' : null;
}

/** What a shown transfer is compared with: the terms of the intent's row where there is one, else those of the offer. */
export function shownClaimOf(asked: Asked, { intent, promise }: ShownStanding): ShownClaim {
  const { offer, provenBy } = asked;
  const entries = offer.terms.networks.map(({ network, asset, walletId, amountAtomic }) => {
    return { network, assetId: asset.assetId, walletId, missingAtomic: amountAtomic };
  });
  const frozen = intent && {
    network: intent.network,
    assetId: intent.assetId,
    walletId: intent.walletId,
    missingAtomic: dueAtomic(intent) - paidAtomic(intent.allocations),
  };
  const amountAtomic = intent?.reservedAtomic ?? null;
  return {
    terms: frozen ? [frozen] : entries,
    issuedAtUnixSeconds: offer.issuedAtUnixSeconds,
    expiresAtUnixSeconds: offer.expiresAtUnixSeconds,
    provenBy,
    reserved: amountAtomic === null || promise === null ? null : { ...promise, amountAtomic },
  };
}

/** The transfers of a shown transaction as one invoice sees them. */
export function transfersFor({ transfers }: ShownStanding, intentId: string): (SeenTransfer & ShownTransfer)[] {
  return transfers.map((transfer) => ({ ...transfer, takenBy: takenBy(transfer, intentId) }));
}

function takenBy(transfer: SeenTransfer, intentId: string): ShownTransfer['takenBy'] {
  const { holderIntentId, givenTo, isGivenUnproven } = transfer;
  const another = isGivenUnproven ? 'another_named' : 'another';
  if (holderIntentId !== null) return holderIntentId === intentId ? 'this_invoice' : another;
  if (givenTo === null) return null;
  return givenTo.intentId === intentId ? 'this_invoice' : another;
}

/**
 * T1 for a shown transfer, in one commit: the replay key, the intent where the offer was none yet, and an attempt that
 * is `submitted`. Judged anew under the locks, so that of all who show one transfer one takes it; does nothing where it
 * is not to be taken any more.
 */
export async function claimTransfer(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  asked: Asked,
  { txHash, intentId }: { readonly txHash: string; readonly intentId: string },
): Promise<void> {
  const { bookId } = shown.book;
  await deps.shown.store.inBook(bookId, async (tx) => {
    await tx.holdInvoice(intentId);
    const standing = await tx.standing(intentId, txHash);
    const { intent } = standing;
    const verdict = judgeShownTransfer(transfersFor(standing, intentId), shownClaimOf(asked, standing));
    if (verdict.kind !== 'acceptable' || (intent && endOf(intent))) return;
    const { transfer } = verdict;
    const attempt = attemptFor(deps, shown, intentId, transfer);
    if (!(await tx.takeKey(attempt))) return;
    if (!intent) await tx.insertOffered(offeredIntent(shown, asked, intentId, transfer), transfer.from);
    await tx.insertShown(attempt);
    const { intent: born } = await tx.standing(intentId, null);
    assert(born !== null, 'an intent that was written can be read');
    const context = refreshContext(deps, shown.book, tx.nowMs, transfer.transferId, { txHash });
    const refreshed = refreshIntent({ ...born, payer: transfer.from }, context);
    await tx.saveIntents([refreshed.intent]);
    await tx.addEvents(refreshed.events);
  });
}

/** What of a transfer an attempt is made of: its own key, so that whoever shows it again meets this attempt. */
function attemptFor(
  deps: PurchaseDeps,
  { requestFingerprint, clientNet, client }: ShownPurchase,
  intentId: string,
  transfer: TransferRecord,
): ShownAttempt {
  const { bookId, network, assetId, amountAtomic, replayKeyHash, txHash } = transfer;
  assert(replayKeyHash !== null, 'a transfer that was read has its key');
  const nowMs = deps.clock.nowMs();
  return {
    bookId,
    attemptId: uuidV7(nowMs, deps.crypto.randomBytes(10)),
    intentId,
    network,
    assetId,
    kind: 'transfer',
    replayKeyHash,
    payer: transfer.from,
    nonce: null,
    amountAtomic,
    validBeforeUnixSeconds: null,
    requestFingerprint,
    clientNet,
    client,
    x402Version: null,
    createdAtMs: nowMs,
    txHash,
  };
}

/** The intent that an offer becomes, on the network that its transfer came on. */
function offeredIntent(
  { book, requestFingerprint }: ShownPurchase,
  { offer }: Asked,
  intentId: string,
  transfer: TransferRecord,
): IntentKey & IntentTerms {
  const { terms, invoiceBytes, expiresAtUnixSeconds } = offer;
  const entry = terms.networks.find((each) => each.network === transfer.network);
  assert(entry !== undefined, 'a transfer that is acceptable came on a network of the offer');
  return {
    bookId: book.bookId,
    intentId,
    invoiceId: invoiceBytes,
    source: 'gate',
    termsNumber: terms.number,
    endpointId: terms.endpointId,
    priceVersionId: terms.priceVersionId,
    network: entry.network,
    assetId: transfer.assetId,
    walletId: entry.walletId,
    amountAtomic: entry.amountAtomic,
    fingerprint: requestFingerprint,
    expiresAtMs: expiresAtUnixSeconds * 1000,
  };
}

/**
 * The attempt by which a paid invoice is served. Money that its amount named, or that a person gave to it, has none yet:
 * then one is made for the first request that asks, under the key of the transfer that paid. Null where that key
 * belongs to another.
 */
export async function attemptOfPaid(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  read: IntentRecord,
): Promise<AttemptRecord | null> {
  const known = liveAttempt(read);
  if (known && !isBehind(known)) return known;
  const { bookId, intentId } = read;
  return deps.shown.store.inBook(bookId, async (tx) => {
    await tx.holdInvoice(intentId);
    const { intent } = await tx.standing(intentId, null);
    const paying = intent?.allocations.find(({ bucket }) => isPaymentBucket(bucket));
    const transfer = paying && (await tx.transfer(paying.transferId));
    if (!intent || !isPaid(intent.status) || !paying || !transfer) return null;
    let attempt = liveAttempt(intent);
    if (!attempt) {
      const made = attemptFor(deps, shown, intentId, transfer);
      if (!(await tx.takeKey(made))) return null;
      await tx.insertShown(made);
      const { intent: again } = await tx.standing(intentId, null);
      attempt = again ? liveAttempt(again) : undefined;
    }
    assert(attempt !== undefined, 'an attempt that was written can be read');
    if (!isBehind(attempt) || attempt.txHash !== transfer.txHash) return attempt;
    const confirmed = movedAttempt(attempt, { type: 'transfer_confirmed' }, { checkAtMs: null });
    await tx.saveAttempts([{ previous: attempt, next: confirmed }]);
    if (!paying.isFinal) return confirmed;
    const final = movedAttempt(confirmed, { type: 'transfer_final' });
    await tx.saveAttempts([{ previous: confirmed, next: final }]);
    return final;
  });
}

/** Whether a shown transfer's attempt does not know yet that its money was booked. */
function isBehind({ kind, status }: AttemptRecord): boolean {
  return kind === 'transfer' && (status === 'submitted' || status === 'unknown');
}
