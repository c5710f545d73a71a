import { type Asset, type Mode, parsePrice } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { PriceAmount } from './ports/configuration-store.js';

/** A price as a merchant writes it. The names are those that a refusal points at. */
export type WrittenPrice = {
  readonly amount: string;
  readonly asset: string;
  readonly isFree: boolean;
  readonly networks: readonly string[];
  readonly parameters: { readonly amount: string; readonly asset: string; readonly free: string };
};

export type PriceAmounts = {
  readonly kind: 'ok';
  /** In the merchant's order, which offers keep. */
  readonly amounts: readonly PriceAmount[];
};

/**
 * What a written price is on each network that it names. Checked in this order: free, networks (known, of the book's
 * mode, named once), asset, amount. Nothing is read, so it is asked before a book is held.
 */
export function priceAmounts(catalog: Catalog, mode: Mode, written: WrittenPrice): PriceAmounts | ConfigurationRefusal {
  const { amount, asset: symbol, isFree, networks, parameters } = written;
  if (isFree) {
    return refuse('price_free_not_offered', parameters.free, 'Every endpoint has a price above zero so far.');
  }
  if (networks.length === 0) return refuse('network_unknown', 'networks', 'Name the networks to be paid on.');
  const amounts: PriceAmount[] = [];
  for (const [at, name] of networks.entries()) {
    const parameter = `networks.${at}`;
    const network = catalog.networks.find((each) => each.network === name);
    if (!network) return refuse('network_unknown', parameter, `No network here is called "${name}".`);
    if (network.mode !== mode) {
      return refuse('network_mode_mismatch', parameter, `${name} is for ${network.mode} money, this book for ${mode}.`);
    }
    if (networks.indexOf(name) < at) return refuse('network_repeated', parameter, `${name} is named twice.`);
    const asset = catalog.assets.find((each) => each.network === name && each.symbol === symbol);
    if (!asset) return refuse('asset_unknown', parameters.asset, `"${symbol}" is not sold for on ${name}.`);
    const price = parsePrice(amount, asset.decimals);
    if (price.kind === 'refused') return refuse(price.reason, parameters.amount, priceDetail(price.reason, asset));
    amounts.push({ network: name, assetId: asset.assetId, amountAtomic: price.amountAtomic });
  }
  return { kind: 'ok', amounts };
}

function priceDetail(
  reason: Extract<ReturnType<typeof parsePrice>, { kind: 'refused' }>['reason'],
  asset: Asset,
): string {
  switch (reason) {
    case 'price_malformed':
      return 'Write the amount as decimal text such as "0.01", without a sign.';
    case 'price_too_precise':
      return `${asset.symbol} has ${asset.decimals} decimals; the amount has more, and no price is rounded.`;
    case 'price_too_large':
      return `A single call costs at most 1000000 ${asset.symbol}.`;
    case 'price_zero':
      return 'An amount of zero would give the endpoint away.';
  }
}
