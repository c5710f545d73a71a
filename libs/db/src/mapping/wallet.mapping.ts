import type { ApiKeyListing, CoverageGap, WalletRecord, WatchedWallet } from '@tollbook/usecases';
import type { NetworkIds } from '../network-ids.js';
import type { ApiKeyListRow } from '../queries/list-api-keys.js';
import type { WalletRow } from '../queries/read-wallets.js';
import type { CoverageGapRow } from '../statements/coverage-gaps.js';
import type { WatchedWalletRow } from '../statements/select-watched-wallets.js';
import { fromDbHex, fromDbTime } from './column.mapping.js';

/** A wallet with the tokens that are followed for it. */
export function fromDbWallet(row: WalletRow, networks: NetworkIds): WalletRecord {
  return {
    walletId: row.wallet_id,
    network: networks.nameOf(row.network_id),
    address: fromDbHex(row.address),
    label: row.label,
    createdAtMs: row.created_at.getTime(),
    receivingSinceMs: fromDbTime(row.receiving_since),
    assets: (row.asset_ids ?? []).map((assetId, at) => ({
      assetId,
      watchFromBlock: BigInt(row.watched_from?.[at] ?? 0),
      unreadFromBlock: heightOrNull(row.unread_from?.[at]),
      unreadToBlock: heightOrNull(row.unread_to?.[at]),
    })),
  };
}

function heightOrNull(text: string | null | undefined): bigint | null {
  return text === null || text === undefined ? null : BigInt(text);
}

/** A wallet as scans follow it, with one of its tokens. */
export function fromDbWatchedWallet(row: WatchedWalletRow): WatchedWallet {
  return {
    bookId: row.book_id,
    walletId: row.wallet_id,
    address: fromDbHex(row.address),
    assetId: row.asset_id,
    contract: fromDbHex(row.contract),
    watchFromBlock: row.watch_from_block,
    coveredFromBlock: row.covered_from_block,
  };
}

/** What is not read yet for a token of a wallet. */
export function fromDbCoverageGap(row: CoverageGapRow): CoverageGap {
  return {
    bookId: row.book_id,
    walletId: row.wallet_id,
    address: fromDbHex(row.address),
    assetId: row.asset_id,
    contract: fromDbHex(row.contract),
    fromNumber: row.from_number,
    toNumber: row.to_number,
  };
}

/** A key of the merchant API, without its secret. */
export function fromDbApiKey(row: ApiKeyListRow): ApiKeyListing {
  return {
    apiKeyId: row.api_key_id,
    name: row.name,
    lookup: row.lookup,
    scopes: [...row.scopes],
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: fromDbTime(row.expires_at),
    revokedAtMs: fromDbTime(row.revoked_at),
    lastUsedAtMs: fromDbTime(row.last_used_at),
  };
}
