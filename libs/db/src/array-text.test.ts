import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { bytesArray, hexArray, plainArray, textArray, timeArray } from './array-text.js';

/** The driver's own reader of an array of that element type. */
const read = (oid: number, text: string) => pg.types.getTypeParser(oid)(text) as unknown as unknown[];
const oids = { text: 1009, bytes: 1001, numbers: 1007 };

describe('arrays as the server reads them', () => {
  it('hold any text as it is', () => {
    const texts = ['', 'plain', 'NULL', 'a "b" \\\n', '{,}', ' spaces ', "it's", 'ä🙂', '\u2028', null];
    expect(read(oids.text, textArray(texts))).toEqual(texts);
  });

  it('hold bytes and hex', () => {
    const bytes = Uint8Array.of(0, 34, 92, 255);
    expect(read(oids.bytes, bytesArray([bytes, null, new Uint8Array()]))).toEqual([
      Buffer.from(bytes),
      null,
      Buffer.alloc(0),
    ]);
    expect(read(oids.bytes, hexArray(['0x00225cff', null]))).toEqual([Buffer.from(bytes), null]);
    expect(() => hexArray(['0x0G'])).toThrow('hex');
  });

  it('hold numbers and moments', () => {
    expect(read(oids.numbers, plainArray([1, -2, null]))).toEqual([1, -2, null]);
    expect(timeArray([Date.UTC(2026, 10, 20, 1, 2, 3, 4), null])).toBe('{2026-11-20T01:02:03.004Z,NULL}');
    expect(plainArray([])).toBe('{}');
  });
});
