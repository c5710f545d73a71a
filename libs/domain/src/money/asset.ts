/**
 * What an amount is counted in. Identity is network and contract, never the symbol: a look-alike token with the same
 * name is another asset. Addresses are lower-case hex here; they are checksummed at the edge.
 */
export type Asset = {
  readonly assetId: number;
  /** CAIP-2, such as `eip155:84532`. */
  readonly network: string;
  readonly contract: string;
  readonly symbol: string;
  readonly decimals: number;
  /** The EIP-712 domain that authorizations are signed under. */
  readonly eip712: { readonly name: string; readonly version: string };
};

/** Whether two assets are the same one. */
export function isSameAsset(a: Asset, b: Asset): boolean {
  return a.network === b.network && a.contract === b.contract;
}
