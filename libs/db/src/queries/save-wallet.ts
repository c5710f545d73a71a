import type { Session } from '../session.js';

const insertWalletRow = {
  name: 'insert_wallet',
  text: `insert into wallets (book_id, wallet_id, mode, network_id, address, label)
    select b.book_id, $2, b.mode, $3, $4, $5 from books b where b.book_id = $1
    on conflict (network_id, address) do nothing`,
};

const walletByAddress = {
  name: 'select_wallet_by_address',
  text: `select w.wallet_id from wallets w where w.book_id = $1 and w.network_id = $2 and w.address = $3`,
};

const walletAddress = {
  name: 'select_wallet_address',
  text: `select w.address from wallets w where w.book_id = $1 and w.wallet_id = $2 and w.network_id = $3`,
};

const insertWalletAssetRow = {
  name: 'insert_wallet_asset',
  text: `insert into wallet_assets (book_id, wallet_id, asset_id, watch_from_block) values ($1, $2, $3, $4)
    on conflict (book_id, wallet_id, asset_id) do nothing`,
};

/** Coverage is the worker's to write; this opens the live interval of a token, and nothing else. */
const coverWalletAsset = {
  name: 'cover_wallet_asset',
  text: `select cover_wallet_asset($1, $2, $3, $4)`,
};

/** A wallet that was replaced is not put back by running the setup again. */
const assignWalletRow = {
  name: 'assign_wallet',
  text: `insert into wallet_assignments (book_id, wallet_assignment_id, network_id, wallet_id, effective_from)
    select $1, $2, $3, $4, now()
    where not exists (select from wallet_assignments a where a.book_id = $1 and a.network_id = $3 and a.wallet_id = $4)`,
};

/** Adds a wallet unless its address is known on the network, in whatever book; resolves to whether it was added. */
export async function insertWallet(
  session: Session,
  wallet: {
    readonly bookId: number;
    readonly walletId: string;
    readonly networkId: number;
    readonly address: Uint8Array;
    readonly label: string;
  },
): Promise<boolean> {
  const values = [wallet.bookId, wallet.walletId, wallet.networkId, wallet.address, wallet.label];
  return (await session.run(insertWalletRow, values)).rowCount === 1;
}

/** The book's wallet with an address, or null. */
export async function selectWalletByAddress(
  session: Session,
  wallet: { readonly bookId: number; readonly networkId: number; readonly address: Uint8Array },
): Promise<string | null> {
  const values = [wallet.bookId, wallet.networkId, wallet.address];
  return (await session.run<{ wallet_id: string }>(walletByAddress, values)).rows[0]?.wallet_id ?? null;
}

/** The address of the book's wallet on a network, or null where it has no such wallet there. */
export async function selectWalletAddress(
  session: Session,
  wallet: { readonly bookId: number; readonly walletId: string; readonly networkId: number },
): Promise<Uint8Array | null> {
  const values = [wallet.bookId, wallet.walletId, wallet.networkId];
  return (await session.run<{ address: Uint8Array }>(walletAddress, values)).rows[0]?.address ?? null;
}

/** Follows and covers a token of a wallet from a block on, unless it is followed; resolves to whether that is new. */
export async function insertWalletAsset(
  session: Session,
  followed: {
    readonly bookId: number;
    readonly walletId: string;
    readonly assetId: number;
    readonly watchFromBlock: bigint;
    /** The first block that is read with it; what lies before is read afterwards. */
    readonly liveFromBlock: bigint;
  },
): Promise<boolean> {
  const { bookId, walletId, assetId, watchFromBlock, liveFromBlock } = followed;
  const { rowCount } = await session.run(insertWalletAssetRow, [bookId, walletId, assetId, watchFromBlock]);
  if (rowCount !== 1) return false;
  await session.run(coverWalletAsset, [bookId, walletId, assetId, liveFromBlock]);
  return true;
}

/** Makes a wallet the receiving one from now on, unless it was that before; resolves to whether that is new. */
export async function assignWallet(
  session: Session,
  assignment: {
    readonly bookId: number;
    readonly walletAssignmentId: string;
    readonly networkId: number;
    readonly walletId: string;
  },
): Promise<boolean> {
  const { bookId, walletAssignmentId, networkId, walletId } = assignment;
  return (await session.run(assignWalletRow, [bookId, walletAssignmentId, networkId, walletId])).rowCount === 1;
}
