import { type Asset, modes, type Network, networkFamilies } from '@tollbook/domain';
import type { Catalog } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { fromDbHex, fromDbWord } from '../mapping/column.mapping.js';
import { type AssetRow, type NetworkRow, readAssets, readNetworks } from '../queries/read-catalog.js';
import { withSession } from '../session.js';

/** Networks and assets, read once at start: they change with a release only. */
export async function loadCatalog(pool: Pool): Promise<Catalog> {
  return withSession(pool, async (session) => {
    const networks = await readNetworks(session);
    const assets = await readAssets(session);
    return { networks: networks.map(fromDbNetwork), assets: assets.flatMap(fromDbAsset) };
  });
}

function fromDbNetwork(row: NetworkRow): Network {
  return {
    networkId: row.network_id,
    network: row.caip2,
    mode: fromDbWord(modes, row.mode),
    family: fromDbWord(networkFamilies, row.family),
    blockMs: row.block_ms,
    confirmDepth: row.confirm_depth,
    hasSafeTag: row.has_safe_tag,
    finalSeconds: row.final_seconds,
    reorgBlocks: row.reorg_blocks,
  };
}

/** None for a token without an EIP-712 domain: nothing in this release can be signed for it. */
function fromDbAsset(row: AssetRow): Asset[] {
  if (row.eip712_name === null || row.eip712_version === null) return [];
  return [
    {
      assetId: row.asset_id,
      network: row.caip2,
      contract: fromDbHex(row.contract),
      symbol: row.symbol,
      decimals: row.decimals,
      eip712: { name: row.eip712_name, version: row.eip712_version },
    },
  ];
}
