import {
  asciiBytes,
  assert,
  authorizationReplayKey,
  checkTerms,
  hexOf,
  intentIdOfInvoice,
  invoiceIdText,
  type TermsNetwork,
  uuidV7,
} from '@tollbook/domain';
import { bindPayment } from './bind-payment.js';
import { assetOf } from './catalog.js';
import { holdBack, holdBackEarly } from './hold-back.js';
import type { IssuedOffer } from './issue-offer.js';
import type { ClaimInput } from './ports/payment-store.js';
import type { AttemptRecord } from './ports/records.js';
import { type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith, type StoredTerms } from './purchase.js';
import { resumeAttempt } from './resume-attempt.js';
import { runClaim } from './run-claim.js';
import { claimLeaseMs, sendSeconds, verifySeconds } from './time-limits.js';

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
  return claimAndRun(deps, purchase, claimInputOf(deps, purchase, checked));
}

const unchecked = { isEarlierSignature: false, isChecked: false, isAlone: false } as const;

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
  const bound = await bindPayment(deps, purchase);
  if (bound.kind === 'refused') return { kind: 'refused', code: bound.code };
  const { offer } = bound;
  const upstreamSeconds = offer.terms.settleMode === 'after' ? Math.ceil(purchase.endpoint.timeoutMs / 1000) : 0;
  const result = checkTerms({
    offer,
    paymentId: offer.paymentId,
    expiresAt: offer.expiresAt,
    presented: purchase.presented,
    isResourceEqual: bound.isResourceEqual,
    nowUnixSeconds: Math.floor(deps.clock.nowMs() / 1000),
    lifeSecondsMin: verifySeconds + upstreamSeconds + sendSeconds,
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
  if (!chain) return { kind: 'refused', code: 'settlement_unavailable' };
  const { authorization, signature } = purchase.presented;
  const isSigned = await chain.verifier.isSignedByPayer({ asset: result.entry.asset, authorization, signature });
  return isSigned ? { kind: 'ok', offer, entry: result.entry } : { kind: 'refused', code: 'signature_invalid' };
}

/** Copies of one payment meet here: one runs, the others wait and then look again. */
async function claimAndRun(deps: PurchaseDeps, purchase: Purchase, input: ClaimInput): Promise<PurchaseOutcome> {
  const key = hexOf(input.attempt.replayKeyHash);
  const deadlineMs = Date.now() + waitMs;
  let pollMs = pollMsMin;
  let hasWaited = false;
  let isCounted = false;
  const runOnce = async (isAlone: boolean) => {
    // Here a copy of a payment that runs in this process has waited, so it is not counted.
    const held = isCounted ? null : await holdBack(deps, purchase, () => isTaken(deps, purchase));
    isCounted = true;
    return held ?? step(deps, purchase, input, isAlone);
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

async function step(
  deps: PurchaseDeps,
  purchase: Purchase,
  input: ClaimInput,
  isAlone: boolean,
): Promise<PurchaseOutcome | { kind: 'wait' } | { kind: 'claim_again' }> {
  const claim = await deps.store.claim(input);
  switch (claim.kind) {
    case 'claimed':
      deps.failpoint('claim_committed');
      return runClaim(deps, purchase, claim.attempt, invoiceIdText(input.intent.invoiceId));
    case 'refused':
      return refusedWith(claim.reason);
    case 'existing':
      return resumeAttempt(deps, purchase, claim.attempt, { isEarlierSignature: false, isChecked: true, isAlone });
    case 'earlier':
      return resumeAttempt(deps, purchase, claim.attempt, { isEarlierSignature: true, isChecked: true, isAlone });
  }
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
    payloadSealed: deps.sealer.seal(book.merchantId, purchase.payload, `attempts.payload/${attemptId}`),
  };
}
