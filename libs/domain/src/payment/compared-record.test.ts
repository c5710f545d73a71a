import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparedFields } from './compare-payment.js';
import { fromComparedRecord, toComparedRecord } from './compared-record.js';

const side = fc.option(fc.string(), { nil: null });
const anyLines = fc
  .subarray([...comparedFields])
  .chain((fields) =>
    fc.tuple(
      ...fields.map((field) =>
        fc.record({ field: fc.constant(field), expected: side, received: side, differs: fc.boolean() }),
      ),
    ),
  );

it('reads back what was kept, also through JSON', () => {
  fc.assert(
    fc.property(anyLines, (lines) => {
      const kept: unknown = JSON.parse(JSON.stringify(toComparedRecord(lines)));
      expect(fromComparedRecord(kept)).toEqual(lines);
    }),
  );
});

it.each([undefined, null, 'text', [], { amount: 'text', colour: ['red', 'blue'] }])('makes nothing of %j', (record) => {
  expect(fromComparedRecord(record)).toEqual([]);
});
