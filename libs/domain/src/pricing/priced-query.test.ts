import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPricedQuery } from './priced-query.js';

describe('readPricedQuery', () => {
  it('keeps the priced parameters only, sorted by name', () => {
    const query = [
      ['page', '2'],
      ['tier', 'gold'],
      ['region', 'eu'],
    ] as const;
    expect(readPricedQuery(query, ['tier', 'region'])).toEqual({
      kind: 'ok',
      pairs: [
        ['region', 'eu'],
        ['tier', 'gold'],
      ],
    });
  });

  it('does not depend on the order of the query, nor on the order the names are listed in', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(names, names, fc.func(fc.integer()), (present, priced, shuffle) => {
        const query = present.map((name) => [name, `${name}1`] as const);
        const shuffled = [...query].sort((left, right) => shuffle(left[0]) - shuffle(right[0]));
        expect(readPricedQuery(shuffled, [...priced].reverse())).toEqual(readPricedQuery(query, priced));
      }),
    );
  });

  it('refuses a priced parameter that stands twice, even with one value, since an upstream may take either', () => {
    const query = [
      ['tier', 'gold'],
      ['tier', 'gold'],
    ] as const;
    expect(readPricedQuery(query, ['tier'])).toEqual({
      kind: 'refused',
      reason: 'parameter_ambiguous',
      parameter: 'tier',
    });
  });

  it('leaves repeated parameters alone where no price depends on them', () => {
    const query = [
      ['page', '1'],
      ['page', '2'],
    ] as const;
    expect(readPricedQuery(query, ['tier'])).toEqual({ kind: 'ok', pairs: [] });
  });

  it('tells an absent parameter from an empty one', () => {
    expect(readPricedQuery([], ['tier'])).toEqual({ kind: 'ok', pairs: [] });
    expect(readPricedQuery([['tier', '']], ['tier'])).toEqual({ kind: 'ok', pairs: [['tier', '']] });
  });

  it('compares names as they are, with case', () => {
    expect(readPricedQuery([['Tier', 'gold']], ['tier'])).toEqual({ kind: 'ok', pairs: [] });
  });
});
