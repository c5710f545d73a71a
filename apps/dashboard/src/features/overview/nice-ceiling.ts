/** The end of an axis: the next 1, 2, 4 or 8 with zeros behind it, so that its quarters read well. */
export function niceCeiling(most: bigint): bigint {
  let unit = 1n;
  while (unit * 10n < most) unit *= 10n;
  for (const step of [1n, 2n, 4n, 8n]) if (unit * step >= most) return unit * step;
  return unit * 10n;
}
