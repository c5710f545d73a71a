import { startTestChain, type TestChain } from '@tollbook/sandbox';
import type { ChainReader } from '@tollbook/usecases';
import type { PrivateKeyAccount } from 'viem/accounts';
import { vi } from 'vitest';
import { createEvmChainReader } from '../src/evm-chain-reader.js';
import { createEvmRpc, type EvmRpc } from '../src/evm-rpc.js';
import { usdcAsset, usdcChainId } from './sign-authorization.js';

/** A test chain with our own client and reader on it. */
export type TokenChain = {
  readonly chain: TestChain;
  readonly rpc: EvmRpc;
  readonly reader: ChainReader;
  headNumber(): Promise<bigint>;
  /** Waits for a chain tx that succeeds: automine answers before the block is there. */
  waitUntilMined(txHash: string): Promise<void>;
  /** Sends a call of the token and waits for its block. */
  callToken(account: PrivateKeyAccount, data: `0x${string}`): Promise<string>;
};

/** Starts a chain; the caller stops it by `chain.stop`. */
export async function startTokenChain(): Promise<TokenChain> {
  const chain = await startTestChain({ chainId: usdcChainId });
  const network = usdcAsset.network;
  const rpc = createEvmRpc({ network, url: chain.rpcUrl, timeoutMs: 5_000 });
  const reader = createEvmChainReader({ network, rpc });
  const waitUntilMined = (txHash: string) =>
    vi.waitFor(async () => {
      const receipt = await reader.receipt(txHash);
      if (!receipt?.isSuccess) throw new Error('the chain tx is not mined');
    });
  return {
    chain,
    rpc,
    reader,
    waitUntilMined,
    headNumber: async () => (await reader.head()).head.number,
    async callToken(account, data) {
      const count = await chain.rpc('eth_getTransactionCount', [account.address, 'pending']);
      const rawTx = await account.signTransaction({
        type: 'eip1559',
        chainId: usdcChainId,
        nonce: Number(count),
        maxFeePerGas: 10n ** 11n,
        maxPriorityFeePerGas: 10n ** 9n,
        gas: 3_000_000n,
        to: chain.usdc,
        data,
      });
      const txHash = String(await chain.rpc('eth_sendRawTransaction', [rawTx]));
      await waitUntilMined(txHash);
      return txHash;
    },
  };
}
