import { assetOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { SettleOrder, SettleOutcome } from './ports/facilitator.js';
import type { AttemptRecord } from './ports/records.js';
import type { PaymentChain, PurchaseDeps } from './purchase.js';

/**
 * Sends what was committed, to whom it was committed: the signed bytes to our own node, or the buyer's payload to the
 * facilitator that the attempt names. Never throws: a bug after the decision to send must not tell the buyer that
 * nothing was charged.
 */
export async function sendAttempt(
  deps: PurchaseDeps,
  attempt: AttemptRecord,
  payload: Uint8Array | null,
): Promise<SettleOutcome> {
  try {
    const chain = deps.chainOf(attempt.network);
    if (!chain) return uncertain('no_settlement');
    if (attempt.facilitatorId !== null) return await sendRemotely(deps, chain, attempt, payload);
    if (!attempt.signedTx || attempt.txHash === null) return uncertain('no_settlement');
    const sent = await chain.settlement.send(attempt.signedTx);
    return sent.kind === 'accepted' ? { kind: 'accepted', txHash: attempt.txHash } : uncertain(sent.hint);
  } catch (error) {
    deps.reportFailure(error);
    return uncertain('internal');
  }
}

/** What a facilitator is told of an attempt: the same at each resend. */
export function settleOrder(
  deps: Pick<PurchaseDeps, 'catalog'>,
  attempt: AttemptRecord,
  payload: Uint8Array,
): SettleOrder {
  const { amountAtomic, payer, nonce } = attempt;
  return { asset: assetOf(deps.catalog, attempt.assetId), amountAtomic, payer, nonce: nonce ?? '', payload };
}

async function sendRemotely(
  deps: PurchaseDeps,
  chain: PaymentChain,
  attempt: AttemptRecord,
  payload: Uint8Array | null,
): Promise<SettleOutcome> {
  const { bookId, facilitatorId } = attempt;
  const remote = facilitatorId === null ? undefined : deps.facilitators.remoteOf(bookId, facilitatorId);
  if (!remote || !payload) return uncertain('facilitator_gone');
  const order = settleOrder(deps, attempt, payload);
  const outcome = await remote.settle(order);
  if (outcome.kind !== 'accepted') return outcome;
  const isLie = await isAnotherTx(chain, order, outcome.txHash);
  return isLie ? { kind: 'uncertain', hint: 'tx_mismatch', rawReason: outcome.txHash } : outcome;
}

/**
 * Whether our own node shows the named transaction, and in it something else than this payment: failed, another
 * merchant's, or an old one. A node that has not seen it yet, or does not answer, contradicts nobody.
 */
async function isAnotherTx({ reader }: PaymentChain, order: SettleOrder, txHash: string): Promise<boolean> {
  try {
    const receipt = await reader.receipt(txHash);
    if (!receipt) return false;
    if (!receipt.isSuccess) return true;
    const { payer, nonce, asset } = order;
    const at = receipt.blockNumber;
    const fate = await reader.authorizationFate(asset.contract, { payer, nonce }, at, at);
    return fate?.kind !== 'used' || fate.txHash !== txHash;
  } catch (error) {
    if (error instanceof ChainUnavailable) return false;
    throw error;
  }
}

function uncertain(hint: string): SettleOutcome {
  return { kind: 'uncertain', hint, rawReason: null };
}
