import { type Asset, assert, formatDecimal } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';

export type RevenuePart = {
  readonly assetId: number;
  readonly outcome: 'confirmed' | 'final';
  readonly count: number;
  readonly amountAtomic: bigint;
};

/**
 * Revenue of each currency. Assets of our own catalogue that carry one symbol are one currency on several networks;
 * tokens that merely call themselves so never stand in the catalogue.
 */
export function sumRevenue(catalog: Catalog, parts: readonly RevenuePart[]) {
  const sums = new Map<string, { asset: Asset; payments: number; finalAtomic: bigint; confirmedAtomic: bigint }>();
  for (const { assetId, outcome, count, amountAtomic } of parts) {
    const asset = assetOf(catalog, assetId);
    const sum = sums.get(asset.symbol) ?? { asset, payments: 0, finalAtomic: 0n, confirmedAtomic: 0n };
    assert(sum.asset.decimals === asset.decimals, 'a currency has the same decimals on every network');
    sum.payments += count;
    if (outcome === 'final') sum.finalAtomic += amountAtomic;
    else sum.confirmedAtomic += amountAtomic;
    sums.set(asset.symbol, sum);
  }
  return [...sums.values()].map(({ asset, payments, finalAtomic, confirmedAtomic }) => {
    const totalAtomic = finalAtomic + confirmedAtomic;
    const text = (atomic: bigint) => formatDecimal(atomic, asset.decimals);
    return {
      asset: asset.symbol,
      payments,
      total: text(totalAtomic),
      totalAtomic: totalAtomic.toString(),
      final: text(finalAtomic),
      finalAtomic: finalAtomic.toString(),
      confirmed: text(confirmedAtomic),
      confirmedAtomic: confirmedAtomic.toString(),
    };
  });
}

/** Amounts of each currency, without what is nothing. */
export function sumMoney(
  catalog: Catalog,
  parts: readonly { readonly assetId: number; readonly amountAtomic: bigint }[],
) {
  const sums = new Map<string, { asset: Asset; atomic: bigint }>();
  for (const { assetId, amountAtomic } of parts) {
    const asset = assetOf(catalog, assetId);
    const sum = sums.get(asset.symbol) ?? { asset, atomic: 0n };
    sums.set(asset.symbol, { ...sum, atomic: sum.atomic + amountAtomic });
  }
  return [...sums.values()]
    .filter(({ atomic }) => atomic > 0n)
    .map(({ asset, atomic }) => ({
      asset: asset.symbol,
      amount: formatDecimal(atomic, asset.decimals),
      amountAtomic: atomic.toString(),
    }));
}
