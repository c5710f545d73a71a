import {
  asciiBytes,
  assert,
  authorizationReplayKey,
  checkTerms,
  hexOf,
  intentIdOfInvoice,
  invoiceIdText,
  type SettleMode,
  type TermsNetwork,
  uuidV7,
} from '@tollbook/domain';
import { bindPayment } from './bind-payment.js';
import { canSettle, firstReady } from './can-settle.js';
import { assetOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import { holdBack, holdBackEarly } from './hold-back.js';
import type { IssuedOffer } from './issue-offer.js';
import { paidByTransfer, servePaid } from './look-at-shown.js';
import type { ClaimInput } from './ports/payment-store.js';
import type { AttemptRecord } from './ports/records.js';
import { type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith, type StoredTerms } from './purchase.js';
import { resumeAttempt } from './resume-attempt.js';
import { runClaim } from './run-claim.js';
import { sealPayload } from './stored-payload.js';
import { claimLeaseMs, lifeSecondsMin } from './time-limits.js';

/** How long copies of a running purchase wait for its answer. */
const waitMs = 20_000;
const pollMsMin = 50;
const pollMsMax = 400;

/**
 * Takes one payment from its arrival to its answer: rate limit, terms, local signature, claim (committed before
 * anything runs), verifier, upstream, settlement. However often the same bytes come, in however many processes, the
 * upstream runs once an attempt and money moves once. Throws `StoreUnavailable` when the database is away.
 */
export async function takePayment(deps: PurchaseDeps, purchase: Purchase): Promise<PurchaseOutcome> {
  const held = await holdBackEarly(deps, purchase, () => isTaken(deps, purchase));
  if (held) return held;
  const checked = await check(deps, purchase);
  if (checked.kind === 'refused') return (await answerTaken(deps, purchase)) ?? checked;
  return claimAndRun(deps, purchase, claimInputOf(deps, purchase, checked), checked.offer.terms.settleMode);
}

const unchecked = { isEarlierSignature: false, settleMode: null, isAlone: false } as const;

/** A key that is taken is answered from its attempt, whatever else is wrong (I20): it may be a retry come late. */
async function answerTaken(deps: PurchaseDeps, purchase: Purchase): Promise<PurchaseOutcome | null> {
  for await (const taken of takenAttempts(deps, purchase)) {
    const answer = await resumeAttempt(deps, purchase, taken, unchecked);
    if (answer.kind === 'claim_again') continue;
    return answer.kind === 'wait' ? refusedWith('payment_in_progress') : answer;
  }
  return null;
}

/** Attempts that this very payload was taken for. */
async function* takenAttempts(deps: PurchaseDeps, purchase: Purchase): AsyncGenerator<AttemptRecord> {
  const { network } = purchase.presented;
  const entries = purchase.endpoint.terms.flatMap((terms) => terms.networks).filter((each) => each.network === network);
  // The token is not in the payload, so every one that was accepted here is looked at; almost always there is one.
  for (const contract of new Set(entries.map((entry) => entry.asset.contract))) {
    const hash = replayKeyHashOf(deps, purchase, contract);
    const taken = await deps.store.attemptByReplayKey(purchase.book.bookId, network, hash);
    if (taken) yield taken;
  }
}

async function isTaken(deps: PurchaseDeps, purchase: Purchase): Promise<boolean> {
  for await (const { releasedAtMs } of takenAttempts(deps, purchase)) if (releasedAtMs === null) return true;
  return false;
}

type Checked = { readonly kind: 'ok'; readonly offer: IssuedOffer; readonly entry: TermsNetwork };

async function check(
  deps: PurchaseDeps,
  purchase: Purchase,
): Promise<Checked | Extract<PurchaseOutcome, { kind: 'refused' }>> {
  if (purchase.endpoint.requiresIdentifier && purchase.presented.identifier === null) {
    return { kind: 'refused', code: 'payment_identifier_required' };
  }
  const bound = await bindPayment(deps, purchase);
  if (bound.kind === 'refused') return { kind: 'refused', code: bound.code };
  const { offer } = bound;
  // Terms that were in force a moment ago may still ask for the answer first.
  if (purchase.isBodyStreamed && offer.terms.settleMode === 'after') {
    return { kind: 'refused', code: 'request_too_large' };
  }
  const result = checkTerms({
    offer,
    paymentId: offer.paymentId,
    expiresAt: offer.expiresAt,
    presented: purchase.presented,
    isResourceEqual: bound.isResourceEqual,
    nowUnixSeconds: Math.floor(deps.clock.nowMs() / 1000),
    lifeSecondsMin: lifeSecondsMin(offer.terms.settleMode, purchase.endpoint.timeoutMs),
  });
  if (result.kind === 'refused') {
    const { expected, received } = result;
    return { kind: 'refused', code: result.reason, expected, received };
  }
  const payer = purchase.presented.authorization.from;
  // Money between the merchant's own wallets is no sale, and the books would not take it for one.
  const ownEntries = purchase.book.endpoints.flatMap((endpoint) => endpoint.terms).flatMap((terms) => terms.networks);
  if (ownEntries.some((entry) => entry.payToText.toLowerCase() === payer)) {
    return { kind: 'refused', code: 'verification_refused' };
  }
  const chain = deps.chainOf(result.entry.network);
  if (!chain || !canSettle(deps, purchase.book.bookId, result.entry.network)) {
    return { kind: 'refused', code: 'settlement_unavailable' };
  }
  const { authorization, signature } = purchase.presented;
  const signed = { asset: result.entry.asset, authorization, signature };
  const check = await chain.verifier.checkSignature(signed).catch(unavailableOrThrow);
  switch (check.kind) {
    case 'plausible':
      return { kind: 'ok', offer, entry: result.entry };
    case 'unavailable':
      return { kind: 'refused', code: 'settlement_unavailable' };
    case 'refused':
      return { kind: 'refused', code: 'signature_invalid', expected: check.expected, received: check.received };
  }
}

function unavailableOrThrow(error: unknown): { readonly kind: 'unavailable' } {
  if (error instanceof ChainUnavailable) return { kind: 'unavailable' };
  throw error;
}

/** Copies of one payment meet here: one runs, the others wait and then look again. */
async function claimAndRun(
  deps: PurchaseDeps,
  purchase: Purchase,
  input: ClaimInput,
  settleMode: SettleMode,
): Promise<PurchaseOutcome> {
  const key = hexOf(input.attempt.replayKeyHash);
  const deadlineMs = Date.now() + waitMs;
  let pollMs = pollMsMin;
  let hasWaited = false;
  let isCounted = false;
  const runOnce = async (isAlone: boolean) => {
    // Here a copy of a payment that runs in this process has waited, so it is not counted.
    const held = isCounted ? null : await holdBack(deps, purchase, () => isTaken(deps, purchase));
    isCounted = true;
    // Nobody is told who is on a list by naming a contract, which has not been asked whether it signed.
    if (held?.kind === 'refused') return (await refuteSigner(deps, purchase, input.attempt)) ?? held;
    return held ?? stepInPlace(deps, purchase, input, settleMode, isAlone);
  };
  while (!purchase.signal.aborted) {
    if (deps.inFlight.isRunning(key) && !hasWaited) {
      hasWaited = true;
      if (!(await deps.inFlight.wait(key, waitMs))) return refusedWith('payment_in_progress');
      continue;
    }
    const isAlone = !deps.inFlight.isRunning(key);
    const outcome = await (isAlone ? deps.inFlight.run(key, () => runOnce(true)) : runOnce(false));
    if (outcome.kind !== 'wait' && outcome.kind !== 'claim_again') return outcome;
    if (Date.now() + pollMs > deadlineMs) return refusedWith('payment_in_progress');
    if (outcome.kind === 'claim_again') continue;
    if (!(await deps.inFlight.wait(key, pollMs))) return refusedWith('payment_in_progress');
    pollMs = Math.min(pollMs * 2, pollMsMax);
  }
  return refusedWith('buyer_gone');
}

/**
 * A place on the way to settlement is taken before anything is claimed, where whoever would settle now has its lane:
 * one that is down holds nobody up while another settles. Copies share the place of the first.
 */
async function stepInPlace(
  deps: PurchaseDeps,
  purchase: Purchase,
  input: ClaimInput,
  settleMode: SettleMode,
  isAlone: boolean,
): Promise<PurchaseOutcome | { kind: 'wait' } | { kind: 'claim_again' }> {
  if (!isAlone) return step(deps, purchase, input, settleMode, isAlone);
  const { bookId, network, payer } = input.attempt;
  const ready = firstReady(deps, bookId, network, payer);
  const lane = `${bookId}/${ready?.kind === 'remote' ? ready.remote.facilitatorId : network}`;
  const leave = await deps.settleSlots.take(lane, payer, purchase.signal);
  if (!leave) return refusedWith(purchase.signal.aborted ? 'buyer_gone' : 'gate_busy');
  try {
    return await step(deps, purchase, input, settleMode, isAlone);
  } finally {
    leave();
  }
}

async function step(
  deps: PurchaseDeps,
  purchase: Purchase,
  input: ClaimInput,
  settleMode: SettleMode,
  isAlone: boolean,
): Promise<PurchaseOutcome | { kind: 'wait' } | { kind: 'claim_again' }> {
  const claim = await deps.store.claim(input);
  switch (claim.kind) {
    case 'claimed':
      deps.failpoint('claim_committed');
      return runClaim(deps, purchase, claim.attempt, invoiceIdText(input.intent.invoiceId), settleMode);
    case 'refused':
      if (claim.reason !== 'offer_already_used') return refusedWith(claim.reason);
      return (await paidAlready(deps, purchase, input)) ?? refusedWith(claim.reason);
    case 'existing':
      return resumeAttempt(deps, purchase, claim.attempt, { isEarlierSignature: false, settleMode, isAlone });
    case 'earlier':
      return resumeEarlier(deps, purchase, claim.attempt, isAlone);
  }
}

/** Law c where a transfer paid the invoice: its payer gets what it bought, and the signature is not taken. */
async function paidAlready(
  deps: PurchaseDeps,
  purchase: Purchase,
  { attempt, intent }: ClaimInput,
): Promise<PurchaseOutcome | { readonly kind: 'wait' } | null> {
  const shown = { ...purchase, invoiceId: invoiceIdText(intent.invoiceId), txHash: null, proof: null };
  const paid = await paidByTransfer(deps, shown, attempt);
  return paid && ((await refuteSigner(deps, purchase, attempt)) ?? servePaid(deps, shown, paid));
}

/**
 * Another signature of the buyer's, answered from what an earlier one bought. A key has proved who asks; a contract is
 * asked first, since the answer belongs to it alone.
 */
async function resumeEarlier(
  deps: PurchaseDeps,
  purchase: Purchase,
  attempt: AttemptRecord,
  isAlone: boolean,
): Promise<PurchaseOutcome | { kind: 'wait' } | { kind: 'claim_again' }> {
  const refuted = await refuteSigner(deps, purchase, attempt);
  if (refuted) return refuted;
  // A transfer that was shown is served when it is deep enough, to whoever asks in whatever way.
  if (attempt.kind === 'transfer' && attempt.status === 'submitted') {
    return refusedWith('transfer_pending', purchase.presented.invoiceId ?? undefined);
  }
  return resumeAttempt(deps, purchase, attempt, { isEarlierSignature: true, settleMode: null, isAlone });
}

/** Why the signature does not prove who asks, or null where it does. */
async function refuteSigner(
  deps: PurchaseDeps,
  purchase: Purchase,
  { network, assetId }: { readonly network: string; readonly assetId: number },
): Promise<PurchaseOutcome | null> {
  const chain = deps.chainOf(network);
  if (!chain) return refusedWith('settlement_unavailable');
  const { authorization, signature } = purchase.presented;
  const signed = { asset: assetOf(deps.catalog, assetId), authorization, signature };
  const check = await chain.verifier.checkSignature(signed).catch(unavailableOrThrow);
  if (check.kind === 'unavailable') return refusedWith('settlement_unavailable');
  if (check.kind === 'refused') return refusedWith('signature_invalid');
  if (check.signer === 'contract') {
    const verdict = await chain.verifier.verify(signed).catch(unavailableOrThrow);
    if (verdict.kind === 'unavailable') return refusedWith('settlement_unavailable');
    if (verdict.kind === 'refused') return refusedWith(verdict.reason);
    if (verdict.kind === 'spent') return refusedWith('transfer_proof_required');
  }
  return null;
}

function replayKeyHashOf(deps: PurchaseDeps, purchase: Purchase, contract: string): Uint8Array {
  const { from, nonce } = purchase.presented.authorization;
  return deps.crypto.sha256(asciiBytes(authorizationReplayKey(contract, from, nonce)));
}

/** What an offer's intent is made with. */
function offeredIntentTerms({ requestFingerprint }: Purchase, { terms, expiresAtUnixSeconds }: IssuedOffer) {
  return {
    source: 'gate' as const,
    termsNumber: terms.number,
    endpointId: terms.endpointId,
    priceVersionId: terms.priceVersionId,
    fingerprint: requestFingerprint,
    expiresAtMs: expiresAtUnixSeconds * 1000,
  };
}

/** What a stored intent was made with: it names no terms version, and any request to its URL. */
function storedIntentTerms(intent: StoredTerms) {
  return { ...intent, termsNumber: null, priceVersionId: null, fingerprint: null };
}

function claimInputOf(deps: PurchaseDeps, purchase: Purchase, checked: Checked): ClaimInput {
  const { offer, entry } = checked;
  const { book, presented, requestFingerprint } = purchase;
  const { authorization } = presented;
  const nowMs = deps.clock.nowMs();
  const attemptId = uuidV7(nowMs, deps.crypto.randomBytes(10));
  const { assetId } = assetOf(deps.catalog, entry.asset.assetId);
  assert(authorization.validBeforeUnixSeconds < 1n << 40n, 'the window check bounds validBefore');
  const shared = { network: entry.network, assetId, amountAtomic: entry.amountAtomic };
  return {
    attempt: {
      ...shared,
      bookId: book.bookId,
      attemptId,
      intentId: intentIdOfInvoice(offer.invoiceBytes, deps.crypto.sha256),
      kind: 'authorization',
      replayKeyHash: replayKeyHashOf(deps, purchase, entry.asset.contract),
      payer: authorization.from,
      nonce: authorization.nonce,
      validBeforeUnixSeconds: Number(authorization.validBeforeUnixSeconds),
      requestFingerprint,
      clientNet: purchase.clientNet,
      client: purchase.client,
      x402Version: presented.x402Version,
      createdAtMs: nowMs,
    },
    intent: {
      ...shared,
      invoiceId: offer.invoiceBytes,
      walletId: entry.walletId,
      ...(purchase.stored ? storedIntentTerms(purchase.stored.intent) : offeredIntentTerms(purchase, offer)),
    },
    leaseOwner: deps.bootId,
    leaseMs: claimLeaseMs(purchase.endpoint.timeoutMs),
    identifier: presented.identifier,
    payloadSealed: sealPayload(deps.sealer, book.merchantId, attemptId, purchase.payload),
  };
}
