import { assert } from '@tollbook/domain';
import { parseTransaction } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { keccak256, serializeTransaction } from 'viem/utils';
import { readHex } from './rpc-value.js';
import { signDigest } from './sign-digest.js';

/** A transaction of type 2 (EIP-1559) that calls a token. Fees are in wei. */
export type GasTx = {
  readonly chainId: number;
  readonly gasNonce: bigint;
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
  readonly gasLimit: bigint;
  readonly to: string;
  readonly data: `0x${string}`;
};

/** Reads back what `signTransaction` made; throws on anything else. */
export function readGasTx(hex: `0x${string}`): GasTx {
  const tx = parseTransaction(hex);
  assert(tx.type === 'eip1559' && tx.to !== undefined && tx.to !== null, 'a gas transaction calls a token');
  return {
    chainId: tx.chainId,
    gasNonce: BigInt(tx.nonce ?? 0),
    maxFeePerGasWei: tx.maxFeePerGas ?? 0n,
    maxPriorityFeePerGasWei: tx.maxPriorityFeePerGas ?? 0n,
    gasLimit: tx.gas ?? 0n,
    to: tx.to.toLowerCase(),
    data: tx.data ?? '0x',
  };
}

/** The account that pays for gas. It holds no USDC and can move none: authorizations name their own recipient. */
export interface GasSigner {
  /** Lower-case. */
  readonly address: string;
  /** The signed transaction as hex, ready to be sent. */
  signTransaction(tx: GasTx): Promise<`0x${string}`>;
}

/** A gas signer of a private key in memory; throws, without repeating it, on a text that is no key. */
export function createGasSigner(privateKey: string): GasSigner {
  const key = keyOf(privateKey);
  return {
    address: addressOfKey(privateKey),
    async signTransaction(tx) {
      const to = readHex(tx.to, 20);
      assert(to !== undefined && tx.gasNonce <= BigInt(Number.MAX_SAFE_INTEGER), 'a gas transaction calls a token');
      const unsigned = {
        type: 'eip1559',
        chainId: tx.chainId,
        nonce: Number(tx.gasNonce),
        maxFeePerGas: tx.maxFeePerGasWei,
        maxPriorityFeePerGas: tx.maxPriorityFeePerGasWei,
        gas: tx.gasLimit,
        to,
        data: tx.data,
        value: 0n,
      } as const;
      return serializeTransaction(unsigned, await signDigest(keccak256(serializeTransaction(unsigned)), key));
    },
  };
}

/** Stands where nobody pays for gas: simulations need a sender, and nothing is signed. */
export const noGasSigner: GasSigner = {
  address: '0x0000000000000000000000000000000000000000',
  signTransaction: () => Promise.reject(new Error('there is no gas key here')),
};

/** The lower-case address of a private key; throws, without repeating it, on a text that is no key. */
export function addressOfKey(privateKey: string): string {
  const key = keyOf(privateKey);
  try {
    return privateKeyToAddress(key).toLowerCase();
  } catch {
    throw new Error('the private key lies outside the curve');
  }
}

function keyOf(privateKey: string): `0x${string}` {
  const key = readHex(privateKey, 32);
  if (key === undefined) throw new Error('a private key is 32 bytes of hex with 0x before it');
  return key;
}
