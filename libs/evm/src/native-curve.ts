import { createRequire } from 'node:module';
import { keccak256 } from 'viem/utils';
import type { EcdsaSignature } from './ecdsa-signature.js';

/** The curve of Ethereum's keys in native code. */
type NativeCurve = {
  /** The address, lower-case, whose key signed; null when no key could have. */
  readonly recover: (digest: `0x${string}`, signature: EcdsaSignature) => string | null;
  /** As RFC 6979 says: the same signature each time, with s in its lower half. Throws on a key outside the curve. */
  readonly sign: (digest: `0x${string}`, privateKey: `0x${string}`) => EcdsaSignature;
};

/** What we use of libsecp256k1's binding. */
type Binding = {
  /** The public key, 65 bytes; throws when there is none. */
  ecdsaRecover(signature: Uint8Array, recoveryId: number, digest: Uint8Array, isCompressed: boolean): Uint8Array;
  /** r and s, 64 bytes. */
  ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
};

/**
 * libsecp256k1 from the binary that its package brings for some platforms, or null elsewhere. Its own fallback in
 * JavaScript is left alone: ours is the one that everything else here is checked with.
 */
export function loadNativeCurve(): NativeCurve | null {
  const binding = loadBinding();
  if (!binding) return null;
  const curve: NativeCurve = {
    recover: (digest, signature) => recoverWith(binding, digest, signature),
    sign: (digest, privateKey) => signWith(binding, digest, privateKey),
  };
  return isSound(curve) ? curve : null;
}

function loadBinding(): Binding | null {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js');
  } catch {
    // An optional dependency that is not installed, or has no binary for this platform.
    return null;
  }
}

function recoverWith(binding: Binding, digest: `0x${string}`, { r, s, v }: EcdsaSignature): string | null {
  const compact = Buffer.from(r.slice(2) + s.slice(2), 'hex');
  try {
    const key = binding.ecdsaRecover(compact, Number(v) - 27, bytesOf(digest), false);
    return `0x${Buffer.from(keccak256(key.subarray(1), 'bytes')).toString('hex', 12)}`;
  } catch {
    return null;
  }
}

function signWith(binding: Binding, digest: `0x${string}`, privateKey: `0x${string}`): EcdsaSignature {
  const { signature, recid } = binding.ecdsaSign(bytesOf(digest), bytesOf(privateKey));
  const hex = Buffer.from(signature).toString('hex');
  return { r: `0x${hex.slice(0, 64)}`, s: `0x${hex.slice(64)}`, v: recid === 0 ? 27n : 28n };
}

function bytesOf(hex: `0x${string}`): Uint8Array {
  return Buffer.from(hex.slice(2), 'hex');
}

/** A binary that cannot repeat known answers is worse than none. */
function isSound({ recover, sign }: NativeCurve): boolean {
  if (recover(known.digest, known.signature) !== known.signer) return false;
  try {
    const { r, s, v } = sign(known.digest, known.privateKey);
    return r === known.signature.r && s === known.signature.s && v === known.signature.v;
  } catch {
    return false;
  }
}

/** The first private key, 1, over the digest of an empty text. */
const known = {
  privateKey: `0x${'00'.repeat(31)}01`,
  digest: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  signature: {
    r: '0x03925438bf9bdfed9cb8d9d9467f8fc624f389846f0db71f4f5c84b483077da6',
    s: '0x2ca68cb1027ace392bc6a84fe0ba29288aa07942f571f56201dd33c009ee3886',
    v: 28n,
  },
  signer: '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf',
} as const;
