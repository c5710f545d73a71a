import { assetOf } from './catalog.js';
import { ChainUnavailable } from './chain-unavailable.js';
import type { AttemptRecord } from './ports/records.js';
import type { PurchaseDeps } from './purchase.js';

const pollMs = 500;

/** Waits until our own node shows a payment in a block; false when it did not in time. */
export async function waitForSight(deps: PurchaseDeps, attempt: AttemptRecord): Promise<boolean> {
  const untilMs = Date.now() + deps.sightWaitMs;
  while (!(await isInBlock(deps, attempt))) {
    if (Date.now() + pollMs > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}

async function isInBlock(deps: PurchaseDeps, attempt: AttemptRecord): Promise<boolean> {
  const reader = deps.chainOf(attempt.network)?.reader;
  if (!reader || attempt.txHash === null) return false;
  try {
    const receipt = await reader.receipt(attempt.txHash);
    if (!receipt?.isSuccess) return false;
    const { contract } = assetOf(deps.catalog, attempt.assetId);
    const { payer, nonce } = attempt;
    const at = receipt.blockNumber;
    const fate = await reader.authorizationFate(contract, { payer, nonce: nonce ?? '' }, at, at);
    return fate?.kind === 'used' && fate.txHash === attempt.txHash;
  } catch (error) {
    if (error instanceof ChainUnavailable) return false;
    throw error;
  }
}
