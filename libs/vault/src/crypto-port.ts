import { hash, randomFillSync, timingSafeEqual } from 'node:crypto';

const digestBytes = 32;

/** SHA-256 of the parts joined; callers separate parts of variable length themselves. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const digest = new Uint8Array(digestBytes);
  hashInto(digest, 0, parts.length === 1 && parts[0] ? parts[0] : joined(parts));
  return digest;
}

/**
 * HMAC-SHA-256 (RFC 2104) of the parts joined; callers separate parts of variable length themselves. What follows from
 * the key alone is remembered with it, so a key must not change in place.
 *
 * An offer is sealed for every unpaid request. Two one-shot hashes cost a third of what Node's HMAC object does, which
 * has to be made and collected each time.
 */
export function hmacSha256(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const pads = padsOf(key);
  let length = blockBytes;
  for (const part of parts) length += part.length;
  // Messages under one key have mostly one length, and a view or another array would cost as much as the hashing.
  if (pads.inner.length !== length) pads.inner = withStart(pads.inner, length);
  let at = blockBytes;
  for (const part of parts) {
    pads.inner.set(part, at);
    at += part.length;
  }
  hashInto(pads.outer, blockBytes, pads.inner);
  const mac = new Uint8Array(digestBytes);
  hashInto(mac, 0, pads.outer);
  return mac;
}

const blockBytes = 64;

/** The key's blocks of RFC 2104, each with room for what is hashed after it. */
type Pads = { inner: Uint8Array; readonly outer: Uint8Array };

const knownPads = new WeakMap<Uint8Array, Pads>();

function padsOf(key: Uint8Array): Pads {
  const known = knownPads.get(key);
  if (known) return known;
  const short = key.length > blockBytes ? sha256(key) : key;
  const pads = { inner: new Uint8Array(blockBytes).fill(0x36), outer: new Uint8Array(blockBytes + digestBytes) };
  pads.outer.fill(0x5c, 0, blockBytes);
  for (const [at, byte] of short.entries()) {
    pads.inner[at] = byte ^ 0x36;
    pads.outer[at] = byte ^ 0x5c;
  }
  knownPads.set(key, pads);
  return pads;
}

/** A new array of `length` with the first block of `bytes`. */
function withStart(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(length);
  longer.set(bytes.subarray(0, blockBytes));
  return longer;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** Writes the SHA-256 of `bytes`. A digest as text of one character a byte costs less than a buffer to carry it. */
function hashInto(target: Uint8Array, from: number, bytes: Uint8Array): void {
  const text = hash('sha256', bytes, 'binary');
  for (let at = 0; at < digestBytes; at += 1) target[from + at] = text.charCodeAt(at);
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
