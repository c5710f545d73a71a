const names: Readonly<Record<string, string>> = {
  kept: 'Kept as a liability',
  refunded: 'Refunded',
  ignored: 'Ignored',
  own_funds: 'Own funds',
  served: 'Served after all',
  linked: 'Linked to a payment',
};

/** How a discrepancy ended, in words. */
export function resolutionName(resolution: string): string {
  return names[resolution] ?? resolution.replaceAll('_', ' ');
}
