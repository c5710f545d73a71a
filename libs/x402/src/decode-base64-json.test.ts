import { describe, expect, it } from 'vitest';
import { decodeBase64Json, paymentHeaderCharsMax } from './decode-base64-json.js';

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const detailOf = (value: string) => {
  const result = decodeBase64Json(value);
  return result.kind === 'refused' ? result.detail : 'accepted';
};

describe('decodeBase64Json', () => {
  it('reads JSON and keeps its bytes', () => {
    const text = '{ "a": "é" }';
    const result = decodeBase64Json(base64(text));
    expect(result).toEqual({ kind: 'ok', json: { a: 'é' }, bytes: Uint8Array.from(Buffer.from(text)) });
  });

  it('takes 8,192 characters and no more', () => {
    const json = (length: number) => base64(`"${'a'.repeat(length - 2)}"`);
    expect(json(6144)).toHaveLength(paymentHeaderCharsMax);
    expect(detailOf(json(6144))).toBe('accepted');
    expect(detailOf(json(6145))).toContain('longer');
  });

  it.each([
    ['a list of values', `${base64('{}')},${base64('{}')}`, 'more than one value'],
    ['nothing', '', 'not standard'],
    ['base64url', Buffer.from('{"a":"ÿÿÿ>>>???"}').toString('base64url'), 'not standard'],
    ['white space', `${base64('{}')} `, 'not standard'],
    ['missing padding', base64('{}').replace(/=+$/, ''), 'not standard'],
    ['padding inside', 'e30=e30=', 'not standard'],
    ['spare bits that are not zero', 'e31=', 'not canonical'],
    ['bytes that are not UTF-8', base64(Uint8Array.of(0x22, 0xff, 0x22)), 'not JSON'],
    ['an overlong encoding', base64(Uint8Array.of(0x22, 0xc0, 0x80, 0x22)), 'not JSON'],
    ['a byte order mark', base64('\ufeff{}'), 'not JSON'],
    ['text after the JSON', base64('{}{}'), 'not JSON'],
    ['a fault in the JSON', base64('{"a":1,"a":2}'), 'same key'],
  ])('refuses %s', (_, value, detail) => {
    expect(detailOf(value)).toContain(detail);
  });
});
