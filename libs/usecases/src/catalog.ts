import { type Asset, assert, type Network } from '@tollbook/domain';

/** Networks and assets: data that changes with a release, so it is read once at start. */
export type Catalog = {
  readonly networks: readonly Network[];
  readonly assets: readonly Asset[];
};

/** The asset of an id that the database gave; a missing one is a bug. */
export function assetOf(catalog: Catalog, assetId: number): Asset {
  const asset = catalog.assets.find((each) => each.assetId === assetId);
  assert(asset !== undefined, 'an asset id from the database names a known asset');
  return asset;
}

/** The network of a CAIP-2 name that the database gave; a missing one is a bug. */
export function networkOf(catalog: Catalog, name: string): Network {
  const network = catalog.networks.find((each) => each.network === name);
  assert(network !== undefined, 'a network named by the database is known');
  return network;
}
