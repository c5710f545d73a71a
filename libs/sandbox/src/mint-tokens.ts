import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Address, encodeFunctionData, type Hex, toHex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { CANONICAL_USDC, devUsdAbi, type LocalChainId, mintTypedData, TX_FEES } from './dev-usd.js';
import type { Rpc } from './rpc.js';
import { parseFields, parseHex, toQuantity } from './rpc-values.js';

const MINT_GAS = 200_000n;
const SENDER_BALANCE_WEI = 10n ** 18n;
const RECEIPT_POLL_MS = 50;

/** One mint: `minter` signs, a throw-away account sends. */
export interface MintOrder {
  chainId: LocalChainId;
  minter: PrivateKeyAccount;
  to: Address;
  amountAtomic: bigint;
}

/**
 * Sends a chain tx that mints tokens and answers its hash. Each call has a sender of its own, so calls from any
 * number of processes never meet on a nonce. The caller mines, or waits with `waitForReceipt`.
 */
export async function sendMint(rpc: Rpc, order: MintOrder): Promise<Hex> {
  const { chainId, minter, to, amountAtomic } = order;
  const salt = toHex(randomBytes(32));
  const sender = privateKeyToAccount(generatePrivateKey());
  const signature = await minter.signTypedData(mintTypedData(chainId, { to, value: amountAtomic, salt }));
  const tx = await sender.signTransaction({
    ...TX_FEES,
    chainId,
    nonce: 0,
    gas: MINT_GAS,
    to: CANONICAL_USDC[chainId].address,
    data: encodeFunctionData({
      abi: devUsdAbi,
      functionName: 'mintWithSignature',
      args: [to, amountAtomic, salt, signature],
    }),
  });
  await rpc.call('anvil_setBalance', [sender.address, toQuantity(SENDER_BALANCE_WEI)]);
  return parseHex(await rpc.call('eth_sendRawTransaction', [tx]));
}

/** Resolves when the chain tx is mined and succeeded; throws when it reverted or is not mined in time. */
export async function waitForReceipt(rpc: Rpc, txHash: Hex, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const receipt = await rpc.call('eth_getTransactionReceipt', [txHash]);
    if (receipt !== null) {
      if (parseFields(receipt).status !== '0x1') throw new Error(`chain tx ${txHash} reverted`);
      return;
    }
    if (Date.now() > deadline) throw new Error(`chain tx ${txHash} was not mined within ${timeoutMs} ms`);
    await delay(RECEIPT_POLL_MS);
  }
}
