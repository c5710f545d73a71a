import {
  checkTermsInForce,
  clockToleranceSeconds,
  equalBytes,
  hexOf,
  invoiceIdBytes,
  readInvoiceId,
} from '@tollbook/domain';
import { findTerms } from './bind-payment.js';
import { ChainUnavailable } from './chain-unavailable.js';
import { offerOf } from './issue-offer.js';
import { lookAtShown } from './look-at-shown.js';
import { type PurchaseDeps, type PurchaseOutcome, refusedWith } from './purchase.js';
import {
  type Asked,
  networksOf,
  proofRequired,
  type Refused,
  type ShownInvoice,
  type ShownPurchase,
  textsToSign,
} from './shown-purchase.js';

const pollMsMin = 250;
const pollMsMax = 1_000;
/** How often a request looks again at once after it took a transfer, which another may have been faster to do. */
const claimsMax = 3;

/**
 * Answers a request that shows an invoice, alone or with the transaction that paid it (payment core, section 8). What
 * the chain shows decides, as our indexer has read it: nothing is served before the transfer is as deep as the network
 * asks. Until then the request is held, and then told to come back; it is never invited to pay anew.
 */
export async function showTransfer(deps: PurchaseDeps, shown: ShownPurchase): Promise<PurchaseOutcome> {
  const invoice = await findInvoice(deps, shown);
  if (invoice.kind === 'refused') return invoice;
  const proven = await checkProof(deps, shown, invoice.offer);
  if (proven.kind === 'refused') return proven;
  const asked: Asked = { ...invoice, provenBy: proven.by };
  const untilMs = Date.now() + deps.shown.waitMs;
  let leave: (() => void) | null = null;
  let pollMs = pollMsMin;
  let claims = 0;
  try {
    while (!shown.signal.aborted) {
      const answer = await lookAtShown(deps, shown, asked);
      if (answer.kind === 'again' && claims < claimsMax) {
        claims += 1;
        continue;
      }
      if (answer.kind !== 'wait' && answer.kind !== 'again') return answer;
      leave ??= deps.shown.waits.enter(shown.invoiceId, hexOf(shown.clientNet));
      if (leave === null || Date.now() + pollMs > untilMs) {
        return refusedWith(answer.kind === 'wait' ? answer.code : 'transfer_pending', shown.invoiceId);
      }
      await pause(pollMs, shown.signal);
      pollMs = Math.min(pollMs * 2, pollMsMax);
    }
    return refusedWith('buyer_gone');
  } finally {
    leave?.();
  }
}

/** The offer behind the invoice id; `refusal` is why nobody may pay it any more, which what is paid does not mind. */
async function findInvoice(deps: PurchaseDeps, shown: ShownPurchase): Promise<ShownInvoice | Refused> {
  if (shown.stored) return { kind: 'invoice', offer: shown.stored.offer, refusal: null };
  const bytes = invoiceIdBytes(shown.invoiceId);
  const reading = readInvoiceId(bytes, deps.sealKeyOf, deps.crypto.hmacSha256);
  if (bytes === null || reading.kind === 'refused') return { kind: 'refused', code: 'invoice_unknown' };
  const { fields } = reading;
  const { issuedAtUnixSeconds } = fields;
  // Ids of stored intents name a book instead of terms; they have a URL of their own.
  if (fields.isStored || fields.isLive !== (shown.book.mode === 'live')) {
    return { kind: 'refused', code: 'invoice_unknown' };
  }
  const terms = await findTerms(deps, shown, fields);
  const nowUnixSeconds = Math.floor(deps.clock.nowMs() / 1000);
  const isAhead = issuedAtUnixSeconds > nowUnixSeconds + clockToleranceSeconds;
  if (terms?.bookId !== shown.book.bookId || isAhead) return { kind: 'refused', code: 'invoice_unknown' };
  if (terms.endpointId !== shown.endpoint.endpointId || !equalBytes(fields.resourceTag, shown.resourceTag)) {
    return { kind: 'refused', code: 'resource_mismatch' };
  }
  // What counts is when the money came, and not when it is shown.
  const inForce = checkTermsInForce(terms, issuedAtUnixSeconds, issuedAtUnixSeconds);
  const offer = offerOf(bytes, terms, issuedAtUnixSeconds, deps.crypto);
  return { kind: 'invoice', offer, refusal: inForce.kind === 'refused' ? inForce.reason : null };
}

/** Who proved to have sent the transaction, and on which network; a proof that does not hold is refused. */
async function checkProof(
  deps: PurchaseDeps,
  shown: ShownPurchase,
  offer: ShownInvoice['offer'],
): Promise<{ readonly kind: 'ok'; readonly by: Asked['provenBy'] } | Refused> {
  const { proof, txHash, invoiceId } = shown;
  if (proof === null || txHash === null) return { kind: 'ok', by: null };
  try {
    for (const { network, text } of textsToSign(deps.shown.host, { invoiceId, txHash }, networksOf(offer))) {
      const { address, signature } = proof;
      if (await deps.chainOf(network)?.proofs.isSignedBy({ address, text, signature })) {
        return { kind: 'ok', by: { network, address } };
      }
    }
  } catch (error) {
    if (error instanceof ChainUnavailable) return { kind: 'refused', code: 'transfer_pending', invoiceId };
    throw error;
  }
  return proofRequired(deps.shown.host, shown, networksOf(offer));
}

/** Resolves after a while, or at once when the buyer leaves. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
