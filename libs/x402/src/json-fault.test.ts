import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDepthMax, jsonFault, jsonKeysMax } from './json-fault.js';

const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
const withKeys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at])));

describe('jsonFault', () => {
  it('finds nothing in ordinary JSON', () => {
    expect(jsonFault('{"a":{"a":1},"b":[{"a":"a"},{"a":"\\"{[:"}],"c":"a"}')).toBeNull();
    expect(jsonFault('"a"')).toBeNull();
    expect(jsonFault('{"emoji":"😀","escaped":"\\ud83d\\ude00","tab":"\\t"}')).toBeNull();
  });

  it('refuses equal keys in one object, also when one is escaped or far away', () => {
    expect(jsonFault('{"a":1,"a":2}')).toContain('same key');
    expect(jsonFault('{"value":"1","b":{"value":2},"\\u0076alue" :"9"}')).toContain('same key');
    expect(jsonFault('[{"b":1},{"c":{"d":1 , "d"\n:1}}]')).toContain('same key');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth, but not the value', (key) => {
    expect(jsonFault(`{"a":[{"${key}":{}}]}`)).toContain('not allowed');
    expect(jsonFault(`{"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":1}`)).toContain('not allowed');
    expect(jsonFault(`{"a":"${key}","b":["${key}"]}`)).toBeNull();
  });

  it('allows 16 levels and 256 keys, and no more', () => {
    expect(jsonFault(nested(jsonDepthMax))).toBeNull();
    expect(jsonFault(nested(jsonDepthMax + 1))).toContain('levels');
    expect(jsonFault(withKeys(jsonKeysMax))).toBeNull();
    expect(jsonFault(withKeys(jsonKeysMax + 1))).toContain('keys');
  });

  it('refuses text that no database holds', () => {
    expect(jsonFault('{"a":"\\u0000"}')).toContain('NUL');
    expect(jsonFault('["\\ud800"]')).toContain('surrogate');
    expect(jsonFault('{"\\udc00":1}')).toContain('surrogate');
  });

  it('finds no fault in any object that a serializer wrote within the limits', () => {
    const key = fc
      .string({ unit: 'binary', maxLength: 6 })
      .filter((text) => !/^(__proto__|constructor|prototype)$|\0/.test(text));
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 6, depthSize: 'small' },
        fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !text.includes('\0')),
        fc.integer(),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (json, indent) => {
        expect(jsonFault(JSON.stringify(json, null, indent))).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});
