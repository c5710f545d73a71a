import { type Address, type Hex, isAddress, zeroAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { sendMint, waitForReceipt } from './mint-tokens.js';
import { createRpc, type Rpc } from './rpc.js';
import { parseHex, toQuantity } from './rpc-values.js';
import { SANDBOX_CHAIN_ID, type SandboxState } from './sandbox-state.js';

/** The most one call gives: 10,000 USDC. */
export const FAUCET_AMOUNT_ATOMIC_MAX = 10_000_000_000n;

const SANDBOX_NETWORK = `eip155:${SANDBOX_CHAIN_ID}`;
const GAS_GIFT_WEI = 10n ** 17n;
const GAS_ENOUGH_WEI = GAS_GIFT_WEI / 2n;
const MINED_TIMEOUT_MS = 20_000;

/** Who asks the faucet for what. */
export interface FaucetRequest {
  network: string;
  address: string;
  amountAtomic: bigint;
}

/** Granted with the hash of the mined chain tx, or refused; reasons are checked in the order listed. */
export type FaucetAnswer =
  | { kind: 'granted'; txHash: Hex }
  | { kind: 'refused'; reason: 'network_unknown' | 'address_invalid' | 'amount_invalid' };

/**
 * Mints USDC to an address of the sandbox, gives it a little gas, and answers when the mint is mined (at most one
 * block time). Safe to call from several processes at once; throws when the chain does not answer.
 */
export async function faucet(state: SandboxState, request: FaucetRequest): Promise<FaucetAnswer> {
  const { network, address, amountAtomic } = request;
  if (network !== SANDBOX_NETWORK) return { kind: 'refused', reason: 'network_unknown' };
  if (!isAddress(address) || address === zeroAddress) return { kind: 'refused', reason: 'address_invalid' };
  if (amountAtomic <= 0n || amountAtomic > FAUCET_AMOUNT_ATOMIC_MAX) {
    return { kind: 'refused', reason: 'amount_invalid' };
  }
  const rpc = createRpc(state.evm.rpcUrl);
  const minter = privateKeyToAccount(state.faucet.evmPrivateKey);
  await giveGas(rpc, address);
  const txHash = await sendMint(rpc, { chainId: SANDBOX_CHAIN_ID, minter, to: address, amountAtomic });
  await waitForReceipt(rpc, txHash, MINED_TIMEOUT_MS);
  return { kind: 'granted', txHash };
}

async function giveGas(rpc: Rpc, address: Address): Promise<void> {
  const balance = BigInt(parseHex(await rpc.call('eth_getBalance', [address, 'latest'])));
  if (balance < GAS_ENOUGH_WEI) await rpc.call('anvil_setBalance', [address, toQuantity(GAS_GIFT_WEI)]);
}
