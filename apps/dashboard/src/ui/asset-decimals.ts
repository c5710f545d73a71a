/** How many decimals an asset's atomic unit lies behind its whole one. */
const decimalsBySymbol: Readonly<Record<string, number>> = { USDC: 6, EURC: 6 };

/** Null where the asset is not known here: it is then shown in atomic units, never guessed. */
export function assetDecimals(symbol: string): number | null {
  return decimalsBySymbol[symbol] ?? null;
}
