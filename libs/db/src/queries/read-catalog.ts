import type { Session } from '../session.js';

/** A row of networks. */
export type NetworkRow = {
  readonly network_id: number;
  readonly caip2: string;
  readonly mode: string;
  readonly family: string;
  readonly block_ms: number;
  readonly confirm_depth: number | null;
  readonly has_safe_tag: boolean;
  readonly final_seconds: number;
  readonly reorg_blocks: number;
};

/** A row of assets with its network's name. */
export type AssetRow = {
  readonly asset_id: number;
  readonly caip2: string;
  readonly contract: Uint8Array;
  readonly symbol: string;
  readonly decimals: number;
  readonly eip712_name: string | null;
  readonly eip712_version: string | null;
};

const networks = {
  name: 'read_networks',
  text: `select n.network_id, n.caip2, n.mode, n.family, n.block_ms, n.confirm_depth, n.has_safe_tag,
      n.final_seconds, n.reorg_blocks
    from networks n
    order by n.network_id`,
};

const assets = {
  name: 'read_assets',
  text: `select a.asset_id, n.caip2, a.contract, a.symbol, a.decimals, a.eip712_name, a.eip712_version
    from assets a
    join networks n on n.network_id = a.network_id
    order by a.asset_id`,
};

/** Every network. */
export async function readNetworks(session: Session): Promise<NetworkRow[]> {
  return (await session.run<NetworkRow>(networks)).rows;
}

/** Every asset. */
export async function readAssets(session: Session): Promise<AssetRow[]> {
  return (await session.run<AssetRow>(assets)).rows;
}
