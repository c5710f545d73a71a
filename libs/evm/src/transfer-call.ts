import type { Asset, Authorization } from '@tollbook/domain';
import { encodeFunctionData, parseAbi } from 'viem/utils';
import type { EcdsaSignature } from './ecdsa-signature.js';
import type { PayerSignature } from './payer-signature.js';
import { encodeWords, selectors } from './token-abi.js';

/** A call of the chain that moves the money: what the verifier simulates is what the gateway sends. */
export type TransferCall = { readonly to: string; readonly data: `0x${string}`; readonly gasLimit: bigint };

/** How a payment is carried out. */
export function transferCall(
  asset: Asset,
  authorization: Authorization,
  signature: Exclude<PayerSignature, { kind: 'refused' }>,
): TransferCall {
  const to = asset.contract;
  switch (signature.kind) {
    case 'key':
      return { to, data: callWithKey(authorization, signature.ecdsa), gasLimit: transferGasLimit };
    case 'contract':
      return { to, data: callWithBytes(authorization, signature.bytes), gasLimit: contractGasLimit };
    case 'planned_contract': {
      const { factory, factoryCalldata, bytes } = signature;
      const calls = [
        // Somebody may make the account first, and the transfer tells whether it is there.
        { target: hexOf(factory), allowFailure: true, callData: factoryCalldata },
        { target: hexOf(to), allowFailure: false, callData: callWithBytes(authorization, bytes) },
      ];
      const data = encodeFunctionData({ abi: aggregateAbi, args: [calls] });
      return { to: multicallAddress, data, gasLimit: plannedGasLimit };
    }
  }
}

function callWithKey(authorization: Authorization, { v, r, s }: EcdsaSignature): `0x${string}` {
  return encodeWords(selectors.transferWithAuthorization, ...signedWords(authorization), v, r, s);
}

/** The overload for signatures of any length, as contracts make them. */
function callWithBytes(authorization: Authorization, bytes: `0x${string}`): `0x${string}` {
  const length = BigInt((bytes.length - 2) / 2);
  const head = encodeWords(
    selectors.transferWithAuthorizationBytes,
    ...signedWords(authorization),
    bytesOffset,
    length,
  );
  return `${head}${bytes.slice(2).padEnd(Math.ceil(Number(length) / 32) * 64, '0')}`;
}

/** Seven words stand before the bytes. */
const bytesOffset = 7n * 32n;

function signedWords(authorization: Authorization): readonly (bigint | string)[] {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  return [from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce];
}

function hexOf(text: string): `0x${string}` {
  return `0x${text.slice(2)}`;
}

/** Multicall3, at this address on every network: it makes the account and moves the money in one chain transaction. */
export const multicallAddress = '0xca11bde05977b3631167028862be2a173976ca11';
const aggregateAbi = parseAbi([
  'function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable returns ((bool, bytes)[])',
]);

/**
 * Gas of one transfer. The costliest kind, a first payment to a wallet, takes 100,300 on the sandbox token, and USDC's
 * proxy adds some thousands; what is not used is not paid, while too little would revert.
 */
export const transferGasLimit = 150_000n;
/** The same with a contract to ask: a passkey checked in the contract's own code takes some 350,000. */
const contractGasLimit = 600_000n;
/** The same with an account to make first. */
const plannedGasLimit = 1_500_000n;
