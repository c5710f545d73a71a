export type PricedQueryResult =
  | { readonly kind: 'ok'; readonly pairs: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'refused'; readonly reason: 'parameter_ambiguous'; readonly parameter: string };

/**
 * The query parameters a price depends on, sorted by name and decoded once. A repeated one is refused: the gate and
 * the upstream might each take another of its values.
 */
export function readPricedQuery(
  query: readonly (readonly [name: string, value: string])[],
  pricedNames: readonly string[],
): PricedQueryResult {
  const pairs: [string, string][] = [];
  for (const name of [...pricedNames].sort()) {
    const found = query.filter(([key]) => key === name);
    if (found.length > 1) return { kind: 'refused', reason: 'parameter_ambiguous', parameter: name };
    if (found[0]) pairs.push([name, found[0][1]]);
  }
  return { kind: 'ok', pairs };
}
