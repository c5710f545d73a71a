import { createRequire } from 'node:module';
import { keccak256 } from 'viem/utils';
import type { EcdsaSignature } from './ecdsa-signature.js';

type NativeRecovery = (digest: `0x${string}`, signature: EcdsaSignature) => string | null;

/** What we use of libsecp256k1's binding. */
type Binding = {
  /** The public key, 65 bytes; throws when there is none. */
  ecdsaRecover(signature: Uint8Array, recoveryId: number, digest: Uint8Array, isCompressed: boolean): Uint8Array;
};

/**
 * libsecp256k1 from the binary that its package brings for some platforms, or null elsewhere. Its own fallback in
 * JavaScript is left alone: ours is the one that everything else here is checked with.
 */
export function loadNativeRecovery(): NativeRecovery | null {
  const binding = loadBinding();
  if (!binding) return null;
  const recover = (digest: `0x${string}`, signature: EcdsaSignature) => recoverWith(binding, digest, signature);
  return isSound(recover) ? recover : null;
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
    const key = binding.ecdsaRecover(compact, Number(v) - 27, Buffer.from(digest.slice(2), 'hex'), false);
    return `0x${keccak256(key.subarray(1)).slice(-40)}`;
  } catch {
    return null;
  }
}

/** A binary that cannot repeat a known answer is worse than none. */
function isSound(recover: NativeRecovery): boolean {
  return recover(known.digest, known.signature) === known.signer;
}

/** The first private key, 1, over the digest of an empty text. */
const known = {
  digest: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
  signature: {
    r: '0x03925438bf9bdfed9cb8d9d9467f8fc624f389846f0db71f4f5c84b483077da6',
    s: '0x2ca68cb1027ace392bc6a84fe0ba29288aa07942f571f56201dd33c009ee3886',
    v: 28n,
  },
  signer: '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf',
} as const;
