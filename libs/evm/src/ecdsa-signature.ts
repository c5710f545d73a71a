import { readHex } from './rpc-value.js';

/** An ECDSA signature in its one canonical spelling. Hex is lower-case. */
export type EcdsaSignature = { readonly r: `0x${string}`; readonly s: `0x${string}`; readonly v: 27n | 28n };

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Reads 65 bytes of r, s, v; undefined unless r and s lie on the curve, s in its lower half (EIP-2), and v is 27 or 28.
 * The token refuses every other spelling; mending one would send what the payer did not sign.
 */
export function readEcdsaSignature(signature: string): EcdsaSignature | undefined {
  const hex = readHex(signature, 65);
  if (hex === undefined) return undefined;
  const r: `0x${string}` = `0x${hex.slice(2, 66)}`;
  const s: `0x${string}` = `0x${hex.slice(66, 130)}`;
  const v = BigInt(`0x${hex.slice(130)}`);
  if (BigInt(r) === 0n || BigInt(r) >= curveOrder || BigInt(s) === 0n || BigInt(s) > curveOrder / 2n) return undefined;
  return v === 27n || v === 28n ? { r, s, v } : undefined;
}
