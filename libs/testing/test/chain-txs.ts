import { type Authorization, asciiBytes, hexOf } from '@tollbook/domain';
import { type ChainAction, type ChainTx, testCrypto } from '@tollbook/testing';

const { sha256 } = testCrypto('txs');

/** A transaction of a test's own, told apart by its name. */
export function txOf(name: string, ...actions: readonly ChainAction[]): ChainTx {
  return { txHash: `0x${hexOf(sha256(asciiBytes(`tx ${name}`)))}`, actions };
}

export function transferAction(from: string, to: string, amountAtomic: bigint): ChainAction {
  return { kind: 'transfer', from, to, amountAtomic };
}

/** Carries out an authorization whether or not its token would. */
export function forcedAction(authorization: Authorization): ChainAction {
  return { kind: 'authorize', authorization, isForced: true };
}
