import type { Authorization } from '@tollbook/domain';
import { type ChainTx, type FakeChain, testCrypto } from '@tollbook/testing';
import type { Facilitators, RemoteFacilitator, SettleOrder, SettleOutcome } from '@tollbook/usecases';
import { txOf } from '../chain-txs.js';
import type { SendKind } from './script.js';

/** Somebody else who carries out payments, as the script says. */
export type SimulatedFacilitator = {
  readonly facilitators: Facilitators;
  /** What becomes of the next orders; settled when empty. */
  readonly next: SendKind[];
  /** Taken, and not broadcast yet. */
  readonly late: ChainTx[];
};

export function simulatedFacilitator(
  chain: FakeChain,
  facilitatorId: string,
  onSettle: (order: SettleOrder) => Promise<void>,
): SimulatedFacilitator {
  const next: SendKind[] = [];
  const late: ChainTx[] = [];
  const settle = async (order: SettleOrder): Promise<SettleOutcome> => {
    await onSettle(order);
    const authorization = authorizationOf(order);
    const tx = txOf(`settle ${authorization.nonce}`, { kind: 'authorize', authorization });
    const kind = next.shift() ?? 'settled';
    if (kind === 'late_broadcast') late.push(tx);
    else if (kind !== 'timeout_unsent' && kind !== 'answered_then_lost') chain.submit(tx);
    switch (kind) {
      case 'settled':
      case 'answered_then_lost':
        return { kind: 'accepted', txHash: tx.txHash };
      case 'other_tx_hash':
        return { kind: 'accepted', txHash: txOf(`lie ${authorization.nonce}`).txHash };
      case 'refused_then_broadcast':
        return { kind: 'uncertain', hint: 'refused', rawReason: 'insufficient_funds' };
      case 'timeout_after_broadcast':
      case 'timeout_unsent':
      case 'late_broadcast':
        return { kind: 'uncertain', hint: 'timeout', rawReason: null };
    }
  };
  const remote: RemoteFacilitator = { facilitatorId, isReady: () => true, verify: null, settle };
  const facilitators: Facilitators = {
    chosenFor: () => [{ kind: 'remote', remote }],
    remoteOf: (_bookId, id) => (id === facilitatorId ? remote : undefined),
  };
  return { facilitators, next, late };
}

/** The authorization in the payload that a world's buyers send. */
function authorizationOf({ payload }: SettleOrder): Authorization {
  const text = new TextDecoder().decode(payload);
  const { authorization: a } = (JSON.parse(text) as { payload: { authorization: Record<string, string> } }).payload;
  const { from = '', to = '', nonce = '', value = '0', validAfter = '0', validBefore = '0' } = a;
  const window = { validAfterUnixSeconds: BigInt(validAfter), validBeforeUnixSeconds: BigInt(validBefore) };
  return { from, to, nonce, valueAtomic: BigInt(value), ...window };
}

const { sha256 } = testCrypto('facilitator');

/** An id for a facilitator of a world. */
export function facilitatorIdOf(seed: string): string {
  const hex = Buffer.from(sha256(new TextEncoder().encode(seed))).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
