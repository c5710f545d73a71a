import type { MockOrder } from '@tollbook/testing';
import { encodeFunctionData, getAddress, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { CANONICAL_USDC, devUsdAbi, TX_FEES } from './dev-usd.js';
import { createRpc } from './rpc.js';
import { parseHex, toQuantity } from './rpc-values.js';
import { SANDBOX_CHAIN_ID } from './sandbox-state.js';

const SETTLE_GAS = 200_000n;
const SENDER_BALANCE_WEI = 10n ** 18n;

/**
 * Carries out a signed authorization on the sandbox's chain, as anybody may who has seen it, and answers the hash of
 * the chain tx. Each call has a sender of its own, so calls never meet on a nonce. The sandbox mines.
 */
export async function broadcastAuthorization(
  rpcUrl: string,
  { authorization, signature }: Pick<MockOrder, 'authorization' | 'signature'>,
): Promise<Hex> {
  const rpc = createRpc(rpcUrl);
  const sender = privateKeyToAccount(generatePrivateKey());
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const window = [BigInt(validAfter), BigInt(validBefore)] as const;
  const tx = await sender.signTransaction({
    ...TX_FEES,
    chainId: SANDBOX_CHAIN_ID,
    nonce: 0,
    gas: SETTLE_GAS,
    to: CANONICAL_USDC[SANDBOX_CHAIN_ID].address,
    data: encodeFunctionData({
      abi: devUsdAbi,
      functionName: 'transferWithAuthorization',
      args: [getAddress(from), getAddress(to), BigInt(value), ...window, parseHex(nonce), parseHex(signature)],
    }),
  });
  await rpc.call('anvil_setBalance', [sender.address, toQuantity(SENDER_BALANCE_WEI)]);
  return parseHex(await rpc.call('eth_sendRawTransaction', [tx]));
}
