import { encodeFunctionData, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { devUsdAbi, TX_FEES } from './dev-usd.js';
import { createRpc } from './rpc.js';
import { parseHex, parseQuantity, toQuantity } from './rpc-values.js';
import { SANDBOX_CHAIN_ID, type SandboxState } from './sandbox-state.js';

const TRANSFER_GAS = 200_000n;
const SENDER_BALANCE_WEI = 10n ** 18n;

/** A plain transfer of USDC: what a wallet sends when nobody asked it for a payment. */
export interface TokenTransfer {
  privateKey: Hex;
  to: Hex;
  amountAtomic: bigint;
}

/**
 * Sends USDC from a wallet that holds it, which is given gas, and answers the hash of the chain tx, not mined yet. One
 * wallet sends one after another: two at once would draw the same nonce.
 */
export async function sendTokens(state: SandboxState, { privateKey, to, amountAtomic }: TokenTransfer): Promise<Hex> {
  const rpc = createRpc(state.evm.rpcUrl);
  const sender = privateKeyToAccount(privateKey);
  await rpc.call('anvil_setBalance', [sender.address, toQuantity(SENDER_BALANCE_WEI)]);
  const tx = await sender.signTransaction({
    ...TX_FEES,
    chainId: SANDBOX_CHAIN_ID,
    nonce: parseQuantity(await rpc.call('eth_getTransactionCount', [sender.address, 'pending'])),
    gas: TRANSFER_GAS,
    to: state.evm.usdc,
    data: encodeFunctionData({ abi: devUsdAbi, functionName: 'transfer', args: [to, amountAtomic] }),
  });
  return parseHex(await rpc.call('eth_sendRawTransaction', [tx]));
}
