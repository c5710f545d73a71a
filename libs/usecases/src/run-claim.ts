import { isChargeable } from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import { lockAttempt, movedAttempt, refreshContext, saveMove } from './change-attempt.js';
import type { VerifierVerdict } from './ports/authorization-verifier.js';
import type { AttemptRecord } from './ports/records.js';
import type { PreparedSettlement } from './ports/settlement-gateway.js';
import type { UpstreamAnswer } from './ports/upstream.js';
import { type PaymentChain, type Purchase, type PurchaseDeps, type PurchaseOutcome, refusedWith } from './purchase.js';
import { releaseClaim } from './release-claim.js';
import { sendAndServe } from './send-and-serve.js';
import { LeaseLost } from './store-unavailable.js';
import { sealAnswer } from './stored-answer.js';
import { sendSeconds } from './time-limits.js';

/**
 * Carries a claim that this process owns to its answer, in settle mode `after`: verifier, upstream, T4 with the held
 * answer and the signed chain transaction in one commit, send, serve. Everything before T4 may end in a release.
 */
export async function runClaim(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  invoiceId: string,
): Promise<PurchaseOutcome | { kind: 'wait' }> {
  const chain = deps.chainOf(claim.network);
  if (!chain) return release(deps, purchase, claim, 'settlement_unavailable', null, invoiceId);
  const signed = signedOf(deps, purchase, claim);

  const verdict = await askVerifier(chain, signed);
  if (verdict.kind !== 'accepted') return refuse(deps, purchase, claim, verdict, invoiceId);
  deps.failpoint('payment_verified');

  const upstream = await purchase.callUpstream(claim.attemptId, purchase.signal);
  deps.failpoint('upstream_answered');
  if (purchase.signal.aborted) return release(deps, purchase, claim, 'buyer_gone', null, invoiceId);
  const answer = upstream.kind === 'answered' ? upstream.answer : null;
  const failure = upstream.kind === 'failed' ? upstream.reason : 'upstream_failed';
  if (!answer || !isChargeable(answer)) {
    const isOurs = await deps.store.inBook(claim.bookId, (tx) =>
      releaseClaim(tx, deps, purchase.book, claim, failure, answer ? `http ${answer.httpStatus}` : null),
    );
    return isOurs ? { kind: 'not_charged', reason: failure, answer, invoiceId } : { kind: 'wait' };
  }

  const prepared = await prepare(chain, signed);
  if (!prepared) return release(deps, purchase, claim, 'settlement_unavailable', null, invoiceId);
  // Asking the node took a while; whoever left meanwhile is not charged behind their back.
  if (purchase.signal.aborted) return release(deps, purchase, claim, 'buyer_gone', null, invoiceId);
  const decided = await decideToSend(deps, purchase, claim, prepared, answer);
  if (decided.kind === 'released') {
    const code = decided.reason === 'invoice_canceled' ? 'invoice_canceled' : 'authorization_window';
    return refusedWith(code, invoiceId);
  }
  if (decided.kind === 'lost') return { kind: 'wait' };
  deps.failpoint('submitting_committed');
  return sendAndServe(deps, purchase, decided.attempt, answer, { isReplay: false, invoiceId });
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

async function prepare(chain: PaymentChain, signed: Signed): Promise<PreparedSettlement | null> {
  try {
    return await chain.settlement.prepare(signed);
  } catch (error) {
    if (error instanceof ChainUnavailable) return null;
    throw error;
  }
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
      return release(deps, purchase, claim, reason, verdict.txHash, invoiceId);
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
  const isOurs = await deps.store.inBook(claim.bookId, (tx) =>
    releaseClaim(tx, deps, purchase.book, claim, reason, rawReason),
  );
  return isOurs ? refusedWith(reason, invoiceId) : { kind: 'wait' };
}

type SendDecision =
  | { readonly kind: 'decided'; readonly attempt: AttemptRecord }
  | { readonly kind: 'released'; readonly reason: 'invoice_canceled' | 'authorization_window' }
  | { readonly kind: 'lost' };

/** T4: the commit after which bytes may leave. It holds the answer, so that no crash can lose what was sold. */
async function decideToSend(
  deps: PurchaseDeps,
  purchase: Purchase,
  claim: AttemptRecord,
  prepared: PreparedSettlement,
  answer: UpstreamAnswer,
): Promise<SendDecision> {
  const stored = sealAnswer(deps.sealer, purchase.book.merchantId, claim, answer, deps.clock.nowMs());
  try {
    return await deps.store.inBook(claim.bookId, async (tx): Promise<SendDecision> => {
      const found = await lockAttempt(tx, claim);
      if (!found || found.attempt.epoch !== claim.epoch || found.attempt.sentAtMs !== null) return { kind: 'lost' };
      const { attempt, intent } = found;
      const lifeMs = (attempt.validBeforeUnixSeconds ?? 0) * 1000 - tx.nowMs;
      const tooLate = lifeMs < sendSeconds * 1000 ? 'authorization_window' : null;
      const reason = intent.status === 'canceled' ? 'invoice_canceled' : tooLate;
      if (reason) {
        await releaseClaim(tx, deps, purchase.book, claim, reason, null);
        return { kind: 'released', reason };
      }
      const gas = await tx.drawGasNonce(attempt.network);
      const { signedTx, txHash } = await prepared.sign(gas.nonce);
      const sent = { sentAtMs: tx.nowMs, lastSentAtMs: tx.nowMs, signedTx, txHash };
      const from = { gasSignerId: gas.gasSignerId, gasNonce: gas.nonce };
      const next = movedAttempt(attempt, { type: 'send_decided' }, { ...sent, ...from });
      await saveMove(tx, found, next, refreshContext(deps, purchase.book, tx.nowMs, attempt.attemptId));
      if (stored) await tx.saveAnswer(stored);
      deps.failpoint('submitting_open');
      return { kind: 'decided', attempt: next };
    });
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'lost' };
    throw error;
  }
}
