import { describe, expect, it } from 'vitest';
import { fromDbBytes, fromDbHex, fromDbJson, fromDbWord, required, toDbHex } from './column.mapping.js';

describe('columns', () => {
  it('spell bytes as lower-case hex and read nothing else', () => {
    expect(fromDbHex(Uint8Array.of(0, 171, 255))).toBe('0x00abff');
    expect(toDbHex('0x00abff')).toEqual(Buffer.from([0, 171, 255]));
    expect(toDbHex('0x')).toHaveLength(0);
    for (const text of ['', '00', '0x0', '0xAB', '0xzz', '0x00 '])
      expect(() => toDbHex(text)).toThrow('lower-case hex');
  });

  it('copy bytes, so that a record does not hold the buffer that it arrived in', () => {
    const arrived = Buffer.from([1, 2, 3]);
    const own = fromDbBytes(arrived);
    arrived[0] = 9;
    expect(own).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('fail on words outside their list, on missing values and on json that is no object', () => {
    expect(fromDbWord(['a', 'b'], 'b')).toBe('b');
    expect(() => fromDbWord(['a', 'b'], 'c')).toThrow('its list does not');
    expect(() => required(null, 'attempts.payer')).toThrow('attempts.payer is missing');
    expect(fromDbJson({ a: [1] })).toEqual({ a: [1] });
    expect(fromDbJson(null)).toBeNull();
    for (const value of [[1], 'text', 7]) expect(() => fromDbJson(value)).toThrow('holds an object');
  });
});
