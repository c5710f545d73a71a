import { settleModes } from '@tollbook/domain';
import type { EndpointRecord, PriceVersionRecord, Receiver } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import type { EndpointRow, PriceVersionRow } from '../queries/read-endpoints.js';
import type { ReceiverRow } from '../queries/read-receivers.js';
import { fromDbHex, fromDbTime, fromDbWord } from './column.mapping.js';
import { fromDbEndpointCaps } from './endpoint-caps.mapping.js';

/** A price version with its amounts by network. */
export function fromDbPriceVersion(row: PriceVersionRow, networks: NetworkIds): PriceVersionRecord {
  return {
    priceVersionId: row.price_version_id,
    endpointId: row.endpoint_id,
    versionNo: row.version_no,
    author: row.author,
    reason: row.reason,
    createdAtMs: row.created_at.getTime(),
    amounts: row.network_ids.map((networkId, at) => ({
      network: networks.nameOf(networkId),
      assetId: row.asset_ids[at] ?? 0,
      amountAtomic: BigInt(row.amounts[at] ?? 0),
    })),
    offerTtlSeconds: row.offer_ttl_s,
    activeFromMs: row.active_from.getTime(),
    activeToMs: fromDbTime(row.active_to),
    isCanceled: row.is_canceled,
  };
}

/** An endpoint with those of the price versions that are its own. */
export function fromDbEndpoint(row: EndpointRow, prices: readonly PriceVersionRecord[]): EndpointRecord {
  return {
    endpointId: row.endpoint_id,
    method: row.method,
    path: row.path,
    upstreamUrl: row.upstream_url,
    description: row.description,
    settleMode: fromDbWord(settleModes, row.settle_mode),
    timeoutMs: row.timeout_ms,
    isEnabled: row.is_enabled,
    requiresIdentifier: row.requires_identifier,
    caps: fromDbEndpointCaps(row),
    createdAtMs: row.created_at.getTime(),
    archivedAtMs: fromDbTime(row.archived_at),
    prices: prices.filter((price) => price.endpointId === row.endpoint_id),
  };
}

export function fromDbReceiver(row: ReceiverRow, networks: NetworkIds): Receiver {
  return { network: networks.nameOf(row.network_id), walletId: row.wallet_id, address: fromDbHex(row.address) };
}
