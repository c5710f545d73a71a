import { assert, replacementFees } from '@tollbook/domain';
import { ChainUnavailable, type SendOutcome, type SettlementGateway } from '@tollbook/usecases';
import { bytesToHex, hexToBytes, keccak256 } from 'viem/utils';
import type { EvmRpc } from './evm-rpc.js';
import { rpcErrorOf } from './evm-rpc-error.js';
import { type GasSigner, readGasTx } from './gas-signer.js';
import { createSignatureReader, type ReadPayerSignature } from './payer-signature.js';
import { readField, readHex, readQuantity } from './rpc-value.js';
import { createSettlementFees, defaultFeePolicy, type FeePolicy } from './settlement-fees.js';
import { transferCall } from './transfer-call.js';

export type BuiltInSettlementOptions = {
  readonly rpc: EvmRpc;
  readonly chainId: number;
  readonly signer: GasSigner;
  /** Shared with the verifier, so that a signature is recovered once; one that allows no factory by default. */
  readonly readSignature?: ReadPayerSignature;
  readonly feePolicy?: FeePolicy;
  /** Keys for transactions that were signed earlier, perhaps by another; `signer` alone by default. */
  readonly signerOf?: (address: string) => Promise<GasSigner | null>;
  /** Milliseconds of any clock that never goes back; the process's by default. */
  readonly nowMs?: () => number;
};

/** The facilitator that Tollbook is itself: it signs with its own gas key and sends to its own node. */
export function createBuiltInSettlement(options: BuiltInSettlementOptions): SettlementGateway {
  const { rpc, chainId, signer } = options;
  const readSignature = options.readSignature ?? createSignatureReader(options);
  const feePolicy = options.feePolicy ?? defaultFeePolicy;
  const { maxFeePerGasWeiMax } = feePolicy;
  const currentFees = createSettlementFees(rpc, feePolicy, options.nowMs ?? (() => performance.now()));
  const signerOf = options.signerOf ?? (async (address) => (address === signer.address ? signer : null));
  return {
    async prepare(signed) {
      assert(signed.asset.network === `eip155:${chainId}`, 'a gateway settles payments of its own network');
      const signature = await readSignature(signed);
      // The verifier accepted it a moment ago, so it is the node that says two things.
      if (signature.kind === 'refused') throw new ChainUnavailable(rpc.network, 'eth_getCode: no code any more');
      const { to, data, gasLimit } = transferCall(signed.asset, signed.authorization, signature);
      const { maxFeePerGasWei, maxPriorityFeePerGasWei } = await currentFees();
      if (maxFeePerGasWei > maxFeePerGasWeiMax) {
        throw new ChainUnavailable(rpc.network, `gas at ${maxFeePerGasWei} wei is above the fee policy`);
      }
      return {
        signerAddress: signer.address,
        async sign(gasNonce) {
          const hex = await signer.signTransaction({
            chainId,
            gasNonce,
            maxFeePerGasWei,
            maxPriorityFeePerGasWei,
            gasLimit,
            to,
            data,
          });
          return { signedTx: hexToBytes(hex), txHash: keccak256(hex) };
        },
      };
    },
    async reprice({ signedTx, signerAddress, isForced }) {
      const stuck = readGasTx(bytesToHex(signedTx));
      assert(stuck.chainId === chainId, 'a transaction is replaced on its own chain');
      const asked = await currentFees();
      if (!isForced && stuck.maxFeePerGasWei >= asked.baseFeeWei) return { kind: 'fair' };
      const fees = replacementFees(stuck, asked, maxFeePerGasWeiMax);
      if (!fees) return { kind: 'capped' };
      const own = await signerOf(signerAddress);
      if (!own) return { kind: 'no_key' };
      const hex = await own.signTransaction({ ...stuck, ...fees });
      return { kind: 'signed', signedTx: hexToBytes(hex), txHash: keccak256(hex) };
    },
    send: (signedTx) => send(rpc, bytesToHex(signedTx)),
    minedNonces: (address) => transactionCount(rpc, address, 'latest'),
  };
}

/** The next nonce of an account, counting what waits to be mined; throws `ChainUnavailable`. */
export function gasNonceOf(rpc: EvmRpc, address: string): Promise<bigint> {
  return transactionCount(rpc, address, 'pending');
}

/** What an account has of the network's own coin, in wei; throws `ChainUnavailable`. */
export async function nativeBalanceOf(rpc: EvmRpc, address: string): Promise<bigint> {
  const balance = readQuantity(await rpc.request('eth_getBalance', [address, 'latest']));
  if (balance === undefined) throw new ChainUnavailable(rpc.network, 'eth_getBalance: the answer makes no sense');
  return balance;
}

async function transactionCount(rpc: EvmRpc, address: string, at: 'latest' | 'pending'): Promise<bigint> {
  const count = readQuantity(await rpc.request('eth_getTransactionCount', [address, at]));
  if (count === undefined) {
    throw new ChainUnavailable(rpc.network, 'eth_getTransactionCount: the answer makes no sense');
  }
  return count;
}

/** What nodes say to bytes that they have already: geth, Nethermind, anvil and others. */
const alreadyKnown = /\balready ?known|\bknown transaction|already (been )?imported|already in (the )?mempool/i;

/** Never throws: once the bytes may have left, silence and refusal alike leave the outcome to the chain. */
async function send(rpc: EvmRpc, rawTx: `0x${string}`): Promise<SendOutcome> {
  const txHash = keccak256(rawTx);
  try {
    const answer = readHex(await rpc.request('eth_sendRawTransaction', [rawTx]), 32);
    return answer === txHash ? { kind: 'accepted' } : { kind: 'uncertain', hint: 'hash_mismatch' };
  } catch (error) {
    const refusal = rpcErrorOf(error);
    if (refusal && (alreadyKnown.test(refusal.rpcMessage) || (await isKnown(rpc, txHash)))) return { kind: 'accepted' };
    return { kind: 'uncertain', hint: error instanceof Error ? error.message : 'unknown_error' };
  }
}

/** Whether the node has our transaction after all, mined or waiting: a resend of what was mined is refused by nonce. */
async function isKnown(rpc: EvmRpc, txHash: string): Promise<boolean> {
  try {
    const tx = await rpc.request('eth_getTransactionByHash', [txHash]);
    return readHex(readField(tx, 'hash'), 32) === txHash;
  } catch {
    return false;
  }
}
