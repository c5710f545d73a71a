import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { type HmacSha256, hexOf, type Sha256 } from '../hash.js';
import {
  type InvoiceFields,
  intentIdOfInvoice,
  invoiceIdBytes,
  invoiceIdText,
  readInvoiceId,
  type SealKey,
  sealInvoiceBytes,
} from './invoice-id.js';

const hmac: HmacSha256 = (key, ...parts) => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const maxUint32 = 2 ** 32 - 1;

const buildKey = (changes: Partial<SealKey> = {}): SealKey => ({
  keyId: 7,
  secret: new Uint8Array(32).fill(0x5e),
  sealFromUnixSeconds: 0,
  sealUntilUnixSeconds: maxUint32,
  isRevoked: false,
  ...changes,
});

const buildFields = (changes: Partial<InvoiceFields> = {}): InvoiceFields => ({
  isLive: false,
  isStored: false,
  reference: 42n,
  issuedAtUnixSeconds: 1_795_000_000,
  salt: Uint8Array.from({ length: 9 }, (_, at) => at + 1),
  resourceTag: Uint8Array.from({ length: 10 }, (_, at) => 0xa0 + at),
  ...changes,
});

const anyFields: fc.Arbitrary<InvoiceFields> = fc.record({
  isLive: fc.boolean(),
  isStored: fc.boolean(),
  reference: fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }),
  issuedAtUnixSeconds: fc.integer({ min: 0, max: maxUint32 }),
  salt: fc.uint8Array({ minLength: 9, maxLength: 9 }),
  resourceTag: fc.uint8Array({ minLength: 10, maxLength: 10 }),
});

const key = buildKey();
const only = (known: SealKey) => (keyId: number) => (keyId === known.keyId ? known : undefined);
/** A forger's best case: whatever key id stands in the bytes, it leads to the key they were sealed under. */
const always = () => key;
const unknown = { kind: 'refused', reason: 'invoice_unknown' };

describe('sealing and reading an invoice id', () => {
  it('gives back everything that was sealed', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const text = invoiceIdText(sealInvoiceBytes(fields, key, hmac));
        expect(text).toMatch(/^inv_[a-z2-7]{80}$/);
        expect(readInvoiceId(invoiceIdBytes(text), only(key), hmac)).toEqual({ kind: 'ok', fields });
      }),
    );
  });

  it('reads bytes that are a view into a larger buffer', () => {
    const pool = new Uint8Array(128);
    pool.set(sealInvoiceBytes(buildFields(), key, hmac), 13);
    const view = pool.subarray(13, 63);
    expect(readInvoiceId(view, only(key), hmac)).toEqual({ kind: 'ok', fields: buildFields() });
  });

  it('lays the bytes out as documented, so that an id sealed by one release is read by the next', () => {
    const layoutOfSealed = ['1c', '00000007', '00000000002a', '6afd86c0', '010203040506070809', 'a0a1a2a3a4a5a6a7a8a9'];
    const bytes = sealInvoiceBytes(buildFields({ isLive: true, isStored: true }), key, hmac);
    expect(hexOf(bytes.subarray(0, 34))).toBe(layoutOfSealed.join(''));
    expect(invoiceIdText(sealInvoiceBytes(buildFields(), key, hmac))).toBe(
      'inv_caaaaaahaaaaaaaafjvp3bwaaebagbafaydqqcnaugrkhjffu2t2rkpjxrlofqfdq3i425adzkwcvepd',
    );
  });

  it('refuses every change of a single byte', () => {
    const sealed = sealInvoiceBytes(buildFields(), key, hmac);
    for (let at = 0; at < sealed.length; at += 1) {
      for (let flip = 1; flip < 256; flip += 1) {
        const forged = Uint8Array.from(sealed);
        forged[at] = (forged[at] ?? 0) ^ flip;
        if (readInvoiceId(forged, always, hmac).kind !== 'refused') expect.fail(`byte ${at} can be changed by ${flip}`);
      }
    }
  });

  it('refuses every other character of the alphabet at every place', () => {
    const text = invoiceIdText(sealInvoiceBytes(buildFields(), key, hmac));
    for (let at = 4; at < text.length; at += 1) {
      for (const character of alphabet) {
        if (character === text[at]) continue;
        const forged = text.slice(0, at) + character + text.slice(at + 1);
        if (readInvoiceId(invoiceIdBytes(forged), always, hmac).kind !== 'refused') expect.fail(`${forged} is read`);
      }
    }
  });

  it('refuses every foreign character at every place', () => {
    const text = invoiceIdText(sealInvoiceBytes(buildFields(), key, hmac));
    const foreign = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !alphabet.includes(character),
    );
    for (let at = 4; at < text.length; at += 1) {
      for (const character of [...foreign, 'ａ', 'ſ']) {
        const forged = text.slice(0, at) + character + text.slice(at + 1);
        if (invoiceIdBytes(forged) !== null) expect.fail(`${JSON.stringify(character)} is read at ${at}`);
      }
    }
  });

  it('knows one spelling: no other case, prefix, padding, space or length', () => {
    const text = invoiceIdText(sealInvoiceBytes(buildFields(), key, hmac));
    const spellings = [
      '',
      'inv_',
      text.slice(4),
      text.toUpperCase(),
      `INV_${text.slice(4)}`,
      `inv-${text.slice(4)}`,
      ` ${text}`,
      `${text} `,
      `${text}=`,
      `${text}\n`,
      text.slice(0, -1),
      `${text}a`,
      `${text}${'a'.repeat(32)}`,
      text.slice(0, -8),
    ];
    for (const spelling of spellings) expect(invoiceIdBytes(spelling)).toBeNull();
  });

  it('refuses bytes of any other length, and the lack of bytes', () => {
    const sealed = sealInvoiceBytes(buildFields(), key, hmac);
    expect(readInvoiceId(null, always, hmac)).toEqual(unknown);
    for (const length of [0, 1, 34, 49]) expect(readInvoiceId(sealed.slice(0, length), always, hmac)).toEqual(unknown);
    for (const length of [51, 70]) {
      const longer = new Uint8Array(length);
      longer.set(sealed);
      expect(readInvoiceId(longer, always, hmac)).toEqual(unknown);
    }
  });

  it.each([
    ['another layout', 0x20],
    ['the flag of quoted prices, which this layout does not hold', 0x12],
    ['the unused flag', 0x11],
  ])('refuses %s even under a good MAC', (_, first) => {
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    bytes[0] = first;
    bytes.set(hmac(key.secret, Buffer.from('tollbook/invoice/1\0'), bytes.subarray(0, 34)).subarray(0, 16), 34);
    expect(readInvoiceId(bytes, always, hmac)).toEqual(unknown);
  });

  it('refuses a MAC that was made for another purpose with the same key', () => {
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    bytes.set(hmac(key.secret, bytes.subarray(0, 34)).subarray(0, 16), 34);
    expect(readInvoiceId(bytes, always, hmac)).toEqual(unknown);
  });

  it('refuses an unknown key, a wrong secret and a revoked key', () => {
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    expect(readInvoiceId(bytes, () => undefined, hmac)).toEqual(unknown);
    expect(readInvoiceId(bytes, () => buildKey({ secret: new Uint8Array(32).fill(1) }), hmac)).toEqual(unknown);
    expect(readInvoiceId(bytes, () => buildKey({ isRevoked: true }), hmac)).toEqual(unknown);
  });

  it('refuses an id issued outside the window of its key, exact to the second', () => {
    const issuedAtUnixSeconds = 1_795_000_000;
    const bytes = sealInvoiceBytes(buildFields({ issuedAtUnixSeconds }), key, hmac);
    const reading = (from: number, until: number) =>
      readInvoiceId(bytes, () => buildKey({ sealFromUnixSeconds: from, sealUntilUnixSeconds: until }), hmac).kind;
    expect(reading(issuedAtUnixSeconds, issuedAtUnixSeconds)).toBe('ok');
    expect(reading(issuedAtUnixSeconds + 1, maxUint32)).toBe('refused');
    expect(reading(0, issuedAtUnixSeconds - 1)).toBe('refused');
  });

  it('looks at the key before it spends a MAC', () => {
    const counting = vi.fn(hmac);
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    readInvoiceId(bytes, () => undefined, counting);
    readInvoiceId(bytes, () => buildKey({ isRevoked: true }), counting);
    readInvoiceId(bytes, () => buildKey({ sealUntilUnixSeconds: 1 }), counting);
    readInvoiceId(bytes.slice(0, 49), always, counting);
    expect(counting).not.toHaveBeenCalled();
  });

  it.each<[string, Partial<InvoiceFields>]>([
    ['a salt of another length', { salt: new Uint8Array(8) }],
    ['a resource tag of another length', { resourceTag: new Uint8Array(11) }],
    ['a reference over 48 bits', { reference: 1n << 48n }],
    ['a negative reference', { reference: -1n }],
    ['a time that is no whole second', { issuedAtUnixSeconds: 1_795_000_000.5 }],
    ['a time in milliseconds', { issuedAtUnixSeconds: 1_795_000_000_000 }],
    ['a negative time', { issuedAtUnixSeconds: -1 }],
  ])('never seals %s', (_, changes) => {
    expect(() => sealInvoiceBytes(buildFields(changes), key, hmac)).toThrow(AssertionFailed);
  });
});

describe('intentIdOfInvoice', () => {
  it('is the same in two processes', async () => {
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    const here = intentIdOfInvoice(bytes, sha256);
    vi.resetModules();
    const other = await import('./invoice-id.js');
    expect(other.intentIdOfInvoice).not.toBe(intentIdOfInvoice);
    expect(other.intentIdOfInvoice(Uint8Array.from(bytes), sha256)).toBe(here);
    expect(here).toBe('01a1ee56-5e00-7056-89d9-43c86caa6e03');
  });

  it('runs by the time of issue', () => {
    fc.assert(
      fc.property(anyFields, anyFields, (a, b) => {
        fc.pre(a.issuedAtUnixSeconds < b.issuedAtUnixSeconds);
        const [first, second] = [a, b].map((fields) => intentIdOfInvoice(sealInvoiceBytes(fields, key, hmac), sha256));
        expect(String(first) < String(second)).toBe(true);
      }),
    );
  });

  it('is another one for another invoice id of the same second', () => {
    const ids = Array.from({ length: 256 }, (_, at) => {
      const salt = new Uint8Array(9);
      salt[8] = at;
      return intentIdOfInvoice(sealInvoiceBytes(buildFields({ salt }), key, hmac), sha256);
    });
    expect(new Set(ids).size).toBe(256);
  });

  it('shows nothing of the invoice id but its time', () => {
    const bytes = sealInvoiceBytes(buildFields(), key, hmac);
    const id = intentIdOfInvoice(bytes, sha256).replaceAll('-', '').slice(12);
    const sealed = hexOf(bytes);
    for (let at = 0; at + 8 <= id.length; at += 1) expect(sealed).not.toContain(id.slice(at, at + 8));
  });
});
