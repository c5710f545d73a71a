import {
  type IntentStatus,
  isChargeable,
  isPaid,
  refusalReasons,
  type SettleMode,
  toComparedRecord,
} from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { ChainUnavailable, orNullIfAway } from './chain-unavailable.js';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import { compareRefused } from './compare-refused.js';
import type { VerifierVerdict } from './ports/authorization-verifier.js';
import type { RemoteFacilitator } from './ports/facilitator.js';
import type { PaymentTx } from './ports/payment-tx.js';
import type { AttemptRecord, AttemptState } from './ports/records.js';
import type { PreparedSettlement } from './ports/settlement-gateway.js';
import type { UpstreamAnswer } from './ports/upstream.js';
import { type PaymentChain, type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith } from './purchase.js';
import { releaseClaim } from './release-claim.js';
import { sendAndRun } from './send-and-run.js';
import { sendAndServe } from './send-and-serve.js';
import { settleOrder } from './send-attempt.js';
import { proofRequired } from './shown-purchase.js';
import { LeaseLost } from './store-unavailable.js';
import { sealAnswer } from './stored-answer.js';
import { sendSeconds } from './time-limits.js';

/**
 * Carries a claim that this process owns to its answer. In settle mode `after`: verifier, upstream, T4 with the held
 * answer and the signed chain transaction in one commit, send, serve. In `before`: verifier, T4, send, upstream, serve.
 * Everything before T4 may end in a release.
 */
export async function runClaim(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  invoiceId: string,
  settleMode: SettleMode,
): Promise<PurchaseOutcome | { kind: 'wait' }> {
  const chain = deps.chainOf(claim.network);
  if (!chain) return release(deps, purchase, claim, 'settlement_unavailable', null, invoiceId);
  const signed = signedOf(deps, purchase, claim);

  const verdict = await askVerifier(chain, signed);
  if (verdict.kind !== 'accepted') return refuse(deps, purchase, claim, verdict, invoiceId);
  const verifiedAtMs = deps.clock.nowMs();
  deps.failpoint('payment_verified');

  // Beyond what the merchant lets stand at risk nothing is served that our own node has not seen paid.
  const isOnSight = !(await deps.exposure.takes(claim, purchase.endpoint));
  if (settleMode === 'before' || isOnSight) {
    const paid = await payFor(deps, purchase, claim, chain, signed, null, invoiceId);
    if (paid.kind !== 'decided') return paid;
    return sendAndRun(deps, purchase, paid.attempt, { isReplay: false, isOwner: true, isOnSight, invoiceId });
  }

  const upstream = await purchase.callUpstream(claim.attemptId, purchase.signal, 'held');
  deps.failpoint('upstream_answered');
  if (purchase.signal.aborted) return release(deps, purchase, claim, 'buyer_gone', null, invoiceId);
  const answer = upstream.kind === 'answered' ? upstream.answer : null;
  const failure = upstream.kind === 'failed' ? upstream.reason : 'upstream_failed';
  if (!answer || !isChargeable(answer)) {
    const isOurs = await deps.store.changeIntent(claim, (tx) =>
      releaseClaim(tx, deps, purchase.book, claim, failure, answer ? `http ${answer.httpStatus}` : null),
    );
    return isOurs ? { kind: 'not_charged', reason: failure, answer, invoiceId } : { kind: 'wait' };
  }

  // A contract may have another owner by now (A22), and while a slow upstream worked any payer may have spent the money
  // or canceled (A05, A21).
  const isVerdictOld = verdict.signer === 'contract' || deps.clock.nowMs() - verifiedAtMs > verdictMsMax;
  let outcome: PurchaseOutcome | { readonly kind: 'wait' } | undefined;
  try {
    outcome = await sellAnswer(deps, purchase, claim, chain, signed, { answer, isVerdictOld }, invoiceId);
    return outcome;
  } finally {
    // What was not read to its end and is not served is read no further.
    if (outcome?.kind !== 'served') answer.stream?.cancel();
  }
}

/**
 * Settle mode `after`, once the upstream has answered. An answer that could not be held whole is sold as what is paid
 * first: the rest follows the money, and a retry has the upstream do its work again.
 */
async function sellAnswer(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  chain: PaymentChain,
  signed: Signed,
  { answer, isVerdictOld }: { readonly answer: UpstreamAnswer; readonly isVerdictOld: boolean },
  invoiceId: string,
): Promise<PurchaseOutcome | { kind: 'wait' }> {
  // Nothing was sold yet.
  if (isVerdictOld) {
    const again = await askVerifier(chain, signed);
    if (!isStillGood(again)) return refuse(deps, purchase, claim, again, invoiceId);
  }
  const isWhole = answer.stream === undefined;
  const paid = await payFor(deps, purchase, claim, chain, signed, isWhole ? answer : null, invoiceId);
  if (paid.kind !== 'decided') return paid;
  if (isWhole) return sendAndServe(deps, purchase, paid.attempt, answer, { isReplay: false, invoiceId });
  const how = { isReplay: false, isOwner: true, isOnSight: false, invoiceId };
  return sendAndRun(deps, purchase, paid.attempt, { ...how, started: answer });
}

/** Chooses who settles, and commits the decision to send; `answer` is what is held whole for the buyer, in mode `after`. */
async function payFor(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  chain: PaymentChain,
  signed: Signed,
  answer: UpstreamAnswer | null,
  invoiceId: string,
): Promise<PurchaseOutcome | { kind: 'wait' } | Extract<SendDecision, { kind: 'decided' }>> {
  const prepared = await choose(deps, purchase, claim, chain, signed);
  if (prepared.kind === 'unavailable') {
    return release(deps, purchase, claim, 'settlement_unavailable', null, invoiceId);
  }
  if (prepared.kind === 'refused') {
    return release(deps, purchase, claim, 'verification_refused', prepared.rawReason, invoiceId);
  }
  // Asking the node took a while; whoever left meanwhile is not charged behind their back.
  if (purchase.signal.aborted) return release(deps, purchase, claim, 'buyer_gone', null, invoiceId);
  const decided = await decideToSend(deps, purchase, claim, prepared, answer);
  if (decided.kind === 'released') {
    return refusedWith(decided.reason, invoiceId);
  }
  if (decided.kind === 'lost') return { kind: 'wait' };
  deps.failpoint('submitting_committed');
  return decided;
}

function signedOf(deps: PurchaseDeps, purchase: Purchase, claim: AttemptRecord) {
  const { authorization, signature } = purchase.presented;
  return { asset: assetOf(deps.catalog, claim.assetId), authorization, signature };
}

type Signed = ReturnType<typeof signedOf>;

async function askVerifier(chain: PaymentChain, signed: Signed): Promise<VerifierVerdict | { kind: 'unavailable' }> {
  try {
    return await chain.verifier.verify(signed);
  } catch (error) {
    if (error instanceof ChainUnavailable) return { kind: 'unavailable' };
    throw error;
  }
}

/** How long what the verifier said is relied on: about the time between two blocks of the quickest networks. */
const verdictMsMax = 250;

/**
 * A nonce that was free a moment ago and is burnt now was burnt by the payment itself: whoever sent it, the chain
 * credits it (A20).
 */
function isStillGood(
  again: VerifierVerdict | { kind: 'unavailable' },
): again is Extract<VerifierVerdict, { kind: 'accepted' | 'spent' }> {
  return again.kind === 'accepted' || (again.kind === 'spent' && again.by !== 'cancellation');
}

/** Who settles, with what the commit of T4 needs for it. */
type Chosen =
  | { readonly kind: 'built_in'; readonly prepared: PreparedSettlement }
  | { readonly kind: 'remote'; readonly remote: RemoteFacilitator };

/** The first facilitator that can settle now. Nothing was sent yet, so the next may be asked; after T4 nobody else is. */
async function choose(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  chain: PaymentChain,
  signed: Signed,
): Promise<Chosen | { readonly kind: 'refused'; readonly rawReason: string } | { readonly kind: 'unavailable' }> {
  for (const each of deps.facilitators.chosenFor(claim.bookId, claim.payer)) {
    if (each.kind === 'built_in') {
      const prepared = chain.hasGasSigner ? await orNullIfAway(chain.settlement.prepare(signed)) : null;
      if (prepared) return { kind: 'built_in', prepared };
    } else if (each.remote.isReady(claim.network)) {
      const order = settleOrder(deps, claim, purchase.payload);
      const verdict = (await each.remote.verify?.(order)) ?? ({ kind: 'accepted' } as const);
      if (verdict.kind === 'accepted') return each;
      if (verdict.kind === 'refused') return verdict;
    }
  }
  return { kind: 'unavailable' };
}

async function refuse(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  verdict: Exclude<VerifierVerdict, { kind: 'accepted' }> | { kind: 'unavailable' },
  invoiceId: string,
): Promise<PurchaseOutcome | { kind: 'wait' }> {
  switch (verdict.kind) {
    case 'unavailable':
      return release(deps, purchase, claim, 'settlement_unavailable', null, invoiceId);
    case 'refused':
      return release(deps, purchase, claim, verdict.reason, verdict.rawReason, invoiceId);
    case 'spent': {
      // Once used, an authorization is public: its signature no longer proves who presents it (T4b).
      const reason = verdict.by === 'cancellation' ? 'authorization_canceled' : 'transfer_proof_required';
      const answer = await release(deps, purchase, claim, reason, verdict.txHash, invoiceId);
      if (answer.kind !== 'refused' || answer.code !== 'transfer_proof_required') return answer;
      return proofRequired(deps.shown.host, { invoiceId, txHash: verdict.txHash }, [claim.network]);
    }
  }
}

type ReleaseReason =
  | 'settlement_unavailable'
  | 'signature_invalid'
  | 'insufficient_funds'
  | 'verification_refused'
  | 'authorization_canceled'
  | 'transfer_proof_required'
  | 'buyer_gone';

async function release(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  reason: ReleaseReason,
  rawReason: string | null,
  invoiceId: string,
): Promise<PurchaseOutcome | { kind: 'wait' }> {
  // What was wrong with the buyer's payment is kept beside what was asked of it.
  const isRefused = refusalReasons.some((each) => each === reason);
  const evidence = isRefused ? { compared: toComparedRecord((await compareRefused(deps, purchase)).lines) } : null;
  const isOurs = await deps.store.changeIntent(claim, (tx) =>
    releaseClaim(tx, deps, purchase.book, claim, reason, rawReason, evidence),
  );
  return isOurs ? refusedWith(reason, invoiceId) : { kind: 'wait' };
}

/** Why nothing is sent any more: the invoice was ended or paid by other money meanwhile, or time is up. */
type SendRefusal = 'invoice_canceled' | 'invoice_already_paid' | 'authorization_window';

type SendDecision =
  | { readonly kind: 'decided'; readonly attempt: AttemptRecord }
  | { readonly kind: 'released'; readonly reason: SendRefusal }
  | { readonly kind: 'lost' };

/** T4: the commit after which bytes may leave. It holds an answer that is there, so that no crash can lose it. */
async function decideToSend(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  chosen: Chosen,
  answer: UpstreamAnswer | null,
): Promise<SendDecision> {
  const { merchantId } = purchase.book;
  const stored = answer ? sealAnswer(deps.sealer, merchantId, claim, answer, deps.clock.nowMs()) : null;
  const settleMode: SettleMode = answer ? 'after' : 'before';
  try {
    return await deps.store.changeIntent(claim, async (tx): Promise<SendDecision> => {
      const found = await lockAttempt(tx, claim);
      if (!found || found.attempt.epoch !== claim.epoch || found.attempt.sentAtMs !== null) return { kind: 'lost' };
      const { attempt, intent } = found;
      const lifeMs = (attempt.validBeforeUnixSeconds ?? 0) * 1000 - tx.nowMs;
      const tooLate = lifeMs < sendSeconds * 1000 ? 'authorization_window' : null;
      const reason = endedMeanwhile(intent.status) ?? tooLate;
      if (reason) {
        const why = reason === 'invoice_already_paid' ? 'interrupted' : reason;
        await releaseClaim(tx, deps, purchase.book, claim, why, null);
        return { kind: 'released', reason };
      }
      const sent = {
        settleMode,
        sentAtMs: tx.nowMs,
        lastSentAtMs: tx.nowMs,
        ...(await receiverOf(tx, attempt, chosen)),
      };
      const next = movedAttempt(attempt, { type: 'send_decided' }, sent);
      await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
      if (stored) await tx.saveAnswers([stored]);
      deps.failpoint('submitting_open');
      return { kind: 'decided', attempt: next };
    });
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'lost' };
    throw error;
  }
}

function endedMeanwhile(status: IntentStatus): SendRefusal | null {
  if (status === 'canceled') return 'invoice_canceled';
  return isPaid(status) ? 'invoice_already_paid' : null;
}

/** To whom it goes: the bytes signed for our own node, or the name of the facilitator that gets the payload. */
async function receiverOf(tx: PaymentTx, attempt: AttemptRecord, chosen: Chosen): Promise<Partial<AttemptState>> {
  if (chosen.kind === 'remote') return { facilitatorId: chosen.remote.facilitatorId };
  const { prepared } = chosen;
  const { gasSignerId, nonce } = await tx.drawGasNonce({ network: attempt.network, address: prepared.signerAddress });
  return { ...(await prepared.sign(nonce)), gasSignerId, gasNonce: nonce };
}
