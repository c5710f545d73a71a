import { createHash, createHmac, randomFillSync, timingSafeEqual } from 'node:crypto';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/**
 * Short messages are hashed in JavaScript: an offer needs two hashes of some fifty bytes, and making and collecting a
 * native hash object costs several times the hashing. Longer ones go to OpenSSL.
 */
const shortBytesMax = 512;

const freshSha256 = nobleSha256.create();
let usedSha256 = nobleSha256.create();
const freshHmacs = new WeakMap<Uint8Array, ReturnType<typeof hmac.create>>();
let usedHmac: ReturnType<typeof hmac.create> | undefined;

/** SHA-256 of the parts joined; callers separate parts of variable length themselves. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  if (!areShort(parts)) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  }
  usedSha256 = freshSha256._cloneInto(usedSha256);
  for (const part of parts) usedSha256.update(part);
  return digestOf(usedSha256);
}

/**
 * HMAC-SHA-256 of the parts joined; callers separate parts of variable length themselves. What follows from the key
 * alone is remembered with it, so a key must not change in place.
 */
export function hmacSha256(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  if (!areShort(parts)) {
    const mac = createHmac('sha256', key);
    for (const part of parts) mac.update(part);
    return mac.digest();
  }
  const fresh = freshHmacs.get(key) ?? hmac.create(nobleSha256, key);
  freshHmacs.set(key, fresh);
  usedHmac = fresh._cloneInto(usedHmac);
  for (const part of parts) usedHmac.update(part);
  return digestOf(usedHmac);
}

function areShort(parts: readonly Uint8Array[]): boolean {
  let length = 0;
  for (const part of parts) length += part.length;
  return length <= shortBytesMax;
}

/** Digests land here first: to make a view on a new small array costs as much as a block of hashing. */
const landing = new Uint8Array(new ArrayBuffer(32));

function digestOf(state: { digestInto(out: Uint8Array): void }): Uint8Array {
  state.digestInto(landing);
  return landing.slice();
}

const poolBytes = 8_192;
let pool = Buffer.alloc(0);
let poolUsed = 0;

/**
 * `count` bytes from the operating system's generator, each given out once. Small amounts are cut from a block that is
 * drawn at once: a call to the generator costs more than sealing an offer.
 */
export function randomBytes(count: number): Uint8Array {
  if (count > poolBytes / 8) return randomFillSync(Buffer.alloc(count));
  if (poolUsed + count > pool.length) {
    // A new block, not the old one filled again: what was given out before must not change.
    pool = randomFillSync(Buffer.alloc(poolBytes));
    poolUsed = 0;
  }
  poolUsed += count;
  return pool.subarray(poolUsed - count, poolUsed);
}

/** Compares in time that depends on the lengths alone; different lengths are unequal. */
export function constantTimeEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

/** The hashes, MACs and random bytes that the pure rules receive as functions. */
export const cryptoPort = { sha256, hmacSha256, randomBytes, constantTimeEqual } as const;
