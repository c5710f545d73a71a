import type { Asset } from '@tollbook/domain';
import { ChainUnavailable } from '@tollbook/usecases';
import type { EvmRpc } from './evm-rpc.js';
import { readInteger } from './rpc-value.js';
import { checkToken } from './token-domain.js';

export type NodeCheck = { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly reason: string };

/**
 * Whether a node is of the chain that it is configured for, and the tokens there are the ones that we sell for. Money
 * sent to another chain, or signed for another domain, is lost or never valid. Throws `ChainUnavailable`.
 */
export async function checkNode(rpc: EvmRpc, chainId: number, assets: readonly Asset[]): Promise<NodeCheck> {
  const reported = readInteger(await rpc.request('eth_chainId', []));
  if (reported === undefined) throw new ChainUnavailable(rpc.network, 'eth_chainId: the answer makes no sense');
  if (reported !== chainId) return { kind: 'refused', reason: `its node is of chain ${reported}, not ${chainId}` };
  for (const asset of assets) {
    const check = await checkToken(rpc, asset, chainId);
    if (check.kind === 'ok') continue;
    const { field, expected, received } = check;
    return { kind: 'refused', reason: `${field} of ${asset.symbol} should be ${expected} and is ${received}` };
  }
  return { kind: 'ok' };
}
