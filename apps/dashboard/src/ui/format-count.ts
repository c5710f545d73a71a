const plural = new Intl.PluralRules('en');

/** `1 payment`, `12 payments`: the words of a count, chosen by the language's own rule. */
export function formatCount(count: number, one: string, other: string): string {
  return `${formatNumber(count)} ${plural.select(count) === 'one' ? one : other}`;
}

/** A count with its thousands apart. */
export function formatNumber(count: number): string {
  return new Intl.NumberFormat('en-US').format(count);
}

/** A share of one as a percentage: one decimal, none at the ends. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent === 0 || percent === 100 ? percent : percent.toFixed(1)}%`;
}
