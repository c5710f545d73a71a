import { assert } from '../assert.js';
import { decodeBase32, encodeBase32 } from '../base32.js';
import { asciiBytes, equalBytes, type HmacSha256, type Sha256 } from '../hash.js';
import { encodeIdBytes, type IntentId, uuidOfBytes, uuidV7Bytes } from '../id.js';

/** A key that seals invoice ids: 32 secret bytes, named in every id by four bytes. */
export type SealKey = {
  readonly keyId: number;
  readonly secret: Uint8Array;
  readonly sealFromUnixSeconds: number;
  readonly sealUntilUnixSeconds: number;
  readonly isRevoked: boolean;
};

/**
 * What an invoice id says. `reference` is the number of a terms version, or the book of a stored intent. Fifty bytes:
 * layout and flags 1, key id 4, reference 6, issuedAt 4, salt 9, resource tag 10, MAC 16 (payment core, section 1).
 */
export type InvoiceFields = {
  readonly isLive: boolean;
  readonly isStored: boolean;
  readonly reference: bigint;
  readonly issuedAtUnixSeconds: number;
  readonly salt: Uint8Array;
  readonly resourceTag: Uint8Array;
};

export type InvoiceReading =
  | { readonly kind: 'ok'; readonly fields: InvoiceFields }
  | { readonly kind: 'refused'; readonly reason: 'invoice_unknown' };

export const invoiceSaltBytes = 9;
export const resourceTagBytes = 10;
const sealedBytes = 50;
const macBytes = 16;
const layout = 1;
const prefix = 'inv_';
const macLabel = asciiBytes('tollbook/invoice/1\0');

/** The bytes of a fresh invoice id, sealed under `key`. */
export function sealInvoiceBytes(fields: InvoiceFields, key: SealKey, hmac: HmacSha256): Uint8Array {
  assert(fields.salt.length === invoiceSaltBytes, 'an invoice id has nine bytes of salt');
  assert(fields.resourceTag.length === resourceTagBytes, 'a resource tag has ten bytes');
  const reference = Number(fields.reference);
  assert(reference >= 0 && reference < 2 ** 48, 'a reference has 48 bits');
  assert(fields.issuedAtUnixSeconds >>> 0 === fields.issuedAtUnixSeconds, 'issuedAt is a whole second of 32 bits');
  const bytes = new Uint8Array(sealedBytes);
  bytes[0] = (layout << 4) | (fields.isLive ? 8 : 0) | (fields.isStored ? 4 : 0);
  putUint(bytes, 1, 4, key.keyId);
  putUint(bytes, 5, 6, reference);
  putUint(bytes, 11, 4, fields.issuedAtUnixSeconds);
  putBytes(bytes, 15, fields.salt, invoiceSaltBytes);
  putBytes(bytes, 24, fields.resourceTag, resourceTagBytes);
  putBytes(bytes, sealedBytes - macBytes, macOf(bytes, key, hmac), macBytes);
  return bytes;
}

/** Writes a number big-endian. By hand, like `putBytes`: views on small arrays cost more than what they do here. */
function putUint(bytes: Uint8Array, at: number, length: number, value: number): void {
  let rest = value;
  for (let index = at + length - 1; index >= at; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function putBytes(bytes: Uint8Array, at: number, from: Uint8Array, length: number): void {
  for (let index = 0; index < length; index += 1) bytes[at + index] = from[index] ?? 0;
}

/** `inv_` and eighty characters. */
export function invoiceIdText(bytes: Uint8Array): string {
  return prefix + encodeBase32(bytes);
}

/** The bytes an invoice id spells, or null when its length or alphabet is wrong. The MAC is not looked at. */
export function invoiceIdBytes(text: string): Uint8Array | null {
  if (text.length !== prefix.length + (sealedBytes * 8) / 5 || !text.startsWith(prefix)) return null;
  return decodeBase32(text.slice(prefix.length));
}

/**
 * Reads an invoice id. Checked in this order, none of it with a look-up: length and alphabet, key known and not
 * revoked, sealed within the key's window, MAC. Any failure is `invoice_unknown`: a forger learns nothing.
 */
export function readInvoiceId(
  bytes: Uint8Array | null,
  keyOf: (keyId: number) => SealKey | undefined,
  hmac: HmacSha256,
): InvoiceReading {
  if (bytes?.length !== sealedBytes || ((bytes[0] ?? 0) & 0xf3) !== layout << 4) return unknownInvoice;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const key = keyOf(view.getUint32(1));
  const issuedAtUnixSeconds = view.getUint32(11);
  if (!key || key.isRevoked) return unknownInvoice;
  if (issuedAtUnixSeconds < key.sealFromUnixSeconds || issuedAtUnixSeconds > key.sealUntilUnixSeconds) {
    return unknownInvoice;
  }
  const mac = macOf(bytes, key, hmac).subarray(0, macBytes);
  if (!equalBytes(mac, bytes.subarray(sealedBytes - macBytes))) return unknownInvoice;
  const flags = bytes[0] ?? 0;
  return {
    kind: 'ok',
    fields: {
      isLive: (flags & 8) !== 0,
      isStored: (flags & 4) !== 0,
      reference: (BigInt(view.getUint16(5)) << 32n) | BigInt(view.getUint32(7)),
      issuedAtUnixSeconds,
      salt: bytes.slice(15, 24),
      resourceTag: bytes.slice(24, 34),
    },
  };
}

/**
 * The id of the intent that an invoice id becomes: the same in every process, ordered by the time of issue, and not
 * to be guessed without the invoice id.
 */
export function intentIdOfInvoice(bytes: Uint8Array, sha256: Sha256): IntentId {
  return uuidOfBytes(intentBytesOf(bytes, sha256)) as IntentId;
}

/** The same id as an offer tells it: `pi_…`. */
export function paymentIdOfInvoice(bytes: Uint8Array, sha256: Sha256): string {
  return encodeIdBytes('intent', intentBytesOf(bytes, sha256));
}

function intentBytesOf(bytes: Uint8Array, sha256: Sha256): Uint8Array {
  let issuedAt = 0;
  for (let at = 11; at < 15; at += 1) issuedAt = issuedAt * 256 + (bytes[at] ?? 0);
  return uuidV7Bytes(issuedAt * 1000, sha256(bytes));
}

const unknownInvoice: InvoiceReading = { kind: 'refused', reason: 'invoice_unknown' };

function macOf(bytes: Uint8Array, key: SealKey, hmac: HmacSha256): Uint8Array {
  // A copy: a view on a small array costs more than the bytes in it.
  return hmac(key.secret, macLabel, bytes.slice(0, sealedBytes - macBytes));
}
