import { type BlockHeader, countEntry, type EntryDraft, type RollupChange, type Transfer } from '@tollbook/domain';
import {
  type AllocationRecord,
  type AttemptRecord,
  type BookRecord,
  type ChainCheckRecord,
  type ChainTx,
  type CoverageGap,
  type CursorRecord,
  type HandLinkRecord,
  type IntentKey,
  type Lease,
  LeaseLost,
  type NamedByAmount,
  type RefundRecord,
  type TransferRecord,
  type WatchedWallet,
} from '@tollbook/usecases';
import { fromDbAllocation } from '../mapping/allocation.mapping.js';
import { fromDbAttempt } from '../mapping/attempt.mapping.js';
import { fromDbBook } from '../mapping/book.mapping.js';
import { fromDbEntries } from '../mapping/entry.mapping.js';
import { fromDbRefund } from '../mapping/refund.mapping.js';
import { fromDbTransfer } from '../mapping/transfer.mapping.js';
import { fromDbWatchedWallet } from '../mapping/wallet.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import type { Session } from '../session.js';
import { deleteHeadersAbove, saveHeaders } from '../statements/block-headers.js';
import { saveChainCheck } from '../statements/chain-checks.js';
import { coverThrough } from '../statements/coverage-gaps.js';
import { insertCursor, updateCursor } from '../statements/cursors.js';
import { finishHandLink } from '../statements/hand-links.js';
import type { PlacedEntry } from '../statements/insert-entries.js';
import { insertTransfers } from '../statements/insert-transfers.js';
import { matchAttempts } from '../statements/match-attempts.js';
import { orphanTransfers, orphanTransfersAbove, selectTransfersBetween } from '../statements/read-transfers.js';
import {
  saveRefunds,
  selectRefundsOfIntents,
  selectRefundsOfTransfers,
  selectTransfersToPayers,
  selectWaitingRefunds,
} from '../statements/refunds.js';
import { selectIntentsByAmount } from '../statements/reserved-amounts.js';
import { saveAccountRollups } from '../statements/save-account-rollups.js';
import { saveRollups } from '../statements/save-rollups.js';
import { selectAllocationsOfTransfers } from '../statements/select-allocations.js';
import { selectBooks } from '../statements/select-books.js';
import { selectUnreversedEntries } from '../statements/select-unreversed-entries.js';
import { selectWatchedWallets } from '../statements/select-watched-wallets.js';
import { selectTolerances } from '../statements/tolerances.js';
import { appendEntries } from './append-entries.js';
import { newTransfers } from './new-transfers.js';
import { PgPaymentTx } from './pg-payment-tx.js';

type MatchedAttempt = {
  readonly transferId: string;
  readonly matchedBy: 'nonce' | 'tx_hash';
  readonly attempt: AttemptRecord;
};

/** The worker's open dbTx: over all books, while its lease is held. Each method is one statement. */
export class PgChainTx extends PgPaymentTx implements ChainTx {
  private readonly rollups: RollupChange[] = [];
  private readonly placed: PlacedEntry[] = [];

  constructor(
    session: Session,
    networks: NetworkIds,
    nowMs: number,
    readonly lease: Lease,
  ) {
    super(session, networks, nowMs);
  }

  /** Counted with everything else of this dbTx, so that no entry can be posted uncounted. */
  override async appendEntries(drafts: readonly { bookId: number; entry: EntryDraft }[]): Promise<void> {
    this.placed.push(...(await appendEntries(this.session, this.networks, drafts)));
    this.rollups.push(...drafts.flatMap(({ bookId, entry }) => countEntry(bookId, entry)));
  }

  override async addRollups(changes: readonly RollupChange[]): Promise<void> {
    this.rollups.push(...changes);
  }

  /** Writes the sums, last of all and once a dbTx; called before the commit by whoever opened it. */
  async saveRollups(): Promise<void> {
    await saveRollups(this.session, this.rollups, this.networks);
    await saveAccountRollups(this.session, this.placed);
  }

  async books(bookIds: readonly number[]): Promise<readonly BookRecord[]> {
    return bookIds.length === 0 ? [] : (await selectBooks(this.session, bookIds)).map(fromDbBook);
  }

  async insertTransfers(
    transfers: readonly Transfer[],
    wallets: readonly WatchedWallet[],
  ): Promise<readonly TransferRecord[]> {
    const rows = newTransfers(transfers, wallets, this.networks);
    return rows.length === 0 ? [] : (await insertTransfers(this.session, rows)).map(this.transferOf);
  }

  async saveHeaders(network: string, headers: readonly BlockHeader[], keepFromNumber: bigint): Promise<void> {
    await saveHeaders(this.session, this.networks.idOf(network), headers, keepFromNumber);
  }

  async deleteHeadersAbove(network: string, number: bigint): Promise<void> {
    await deleteHeadersAbove(this.session, this.networks.idOf(network), number);
  }

  async createCursor(cursor: CursorRecord): Promise<void> {
    await insertCursor(this.session, this.networks.idOf(cursor.network), this.lease.fence, cursor);
  }

  async watchedWallets(network: string): Promise<readonly WatchedWallet[]> {
    return (await selectWatchedWallets(this.session, this.networks.idOf(network))).map(fromDbWatchedWallet);
  }

  async saveCursor(cursor: CursorRecord): Promise<void> {
    const isOurs = await updateCursor(this.session, this.networks.idOf(cursor.network), this.lease.fence, cursor);
    if (!isOurs) throw new LeaseLost('a younger lease has moved the cursor');
  }

  async saveChainCheck(check: ChainCheckRecord): Promise<void> {
    await saveChainCheck(this.session, this.networks.idOf(check.network), check);
  }

  async coverThrough(gap: CoverageGap, toNumber: bigint): Promise<void> {
    await coverThrough(this.session, gap, toNumber);
  }

  async transfersBetween(
    network: string,
    fromNumber: bigint,
    toNumber: bigint,
    after: TransferRecord | null,
    limit: number,
  ): Promise<readonly TransferRecord[]> {
    const range = { fromNumber, toNumber };
    const rows = await selectTransfersBetween(this.session, this.networks.idOf(network), range, after, limit);
    return rows.map(this.transferOf);
  }

  async orphanTransfersAbove(network: string, number: bigint): Promise<readonly TransferRecord[]> {
    return (await orphanTransfersAbove(this.session, this.networks.idOf(network), number)).map(this.transferOf);
  }

  async orphanTransfers(
    transfers: readonly { readonly bookId: number; readonly transferId: string }[],
  ): Promise<readonly TransferRecord[]> {
    return transfers.length === 0 ? [] : (await orphanTransfers(this.session, transfers)).map(this.transferOf);
  }

  /** Only money that came to us pays anything; of several attempts that one transfer names the first is taken. */
  async attemptsOfTransfers(transfers: readonly TransferRecord[]): Promise<readonly MatchedAttempt[]> {
    const incoming = transfers
      .filter((transfer) => transfer.toWalletId !== null)
      .map((transfer) => ({ ...transfer, networkId: this.networks.idOf(transfer.network) }));
    if (incoming.length === 0) return [];
    const matched = new Map<string, MatchedAttempt>();
    for (const row of await matchAttempts(this.session, incoming)) {
      const key = `${row.book_id} ${row.transfer_id}`;
      if (matched.has(key)) continue;
      const matchedBy = row.is_by_key ? 'nonce' : 'tx_hash';
      matched.set(key, { transferId: row.transfer_id, matchedBy, attempt: fromDbAttempt(row, this.networks) });
    }
    return [...matched.values()];
  }

  /** What we sent ourselves pays nobody's invoice. */
  async intentsByAmount(transfers: readonly TransferRecord[]): Promise<readonly NamedByAmount[]> {
    const incoming = transfers
      .filter(({ fromWalletId, toWalletId }) => fromWalletId === null && toWalletId !== null)
      .map((transfer) => ({ ...transfer, networkId: this.networks.idOf(transfer.network) }));
    if (incoming.length === 0) return [];
    return (await selectIntentsByAmount(this.session, incoming)).map((row) => ({
      bookId: row.book_id,
      transferId: row.transfer_id,
      intentId: row.intent_id,
      promise: { afterBlock: row.after_block, isPriceOnOffer: row.is_price_on_offer },
    }));
  }

  async allocationsOf(transfers: readonly TransferRecord[]): Promise<readonly AllocationRecord[]> {
    if (transfers.length === 0) return [];
    return (await selectAllocationsOfTransfers(this.session, transfers)).map(fromDbAllocation);
  }

  async waitingRefunds(transfers: readonly TransferRecord[]) {
    const rows = await selectWaitingRefunds(this.session, transfers);
    return rows.map((row) => ({ transferId: row.of_transfer_id, refund: fromDbRefund(row, this.networks) }));
  }

  async refundsOf(keys: readonly IntentKey[]): Promise<readonly RefundRecord[]> {
    return (await selectRefundsOfIntents(this.session, keys)).map((row) => fromDbRefund(row, this.networks));
  }

  async refundsOfTransfers(transfers: readonly TransferRecord[]): Promise<readonly RefundRecord[]> {
    return (await selectRefundsOfTransfers(this.session, transfers)).map((row) => fromDbRefund(row, this.networks));
  }

  saveRefunds(refunds: readonly RefundRecord[]): Promise<void> {
    return saveRefunds(this.session, refunds);
  }

  transfersToPayers(transfers: readonly TransferRecord[]): Promise<readonly string[]> {
    return selectTransfersToPayers(this.session, transfers);
  }

  async tolerances(bookIds: readonly number[]) {
    const rows = await selectTolerances(this.session, bookIds);
    return rows.map((row) => ({
      bookId: row.book_id,
      assetId: row.asset_id,
      amountAtomic: BigInt(row.amount_atomic),
    }));
  }

  async finishHandLink(order: HandLinkRecord, refusal: string | null): Promise<void> {
    await finishHandLink(this.session, order, refusal);
  }

  async entriesOf(
    allocations: readonly { bookId: number; allocationId: string }[],
  ): Promise<readonly { readonly bookId: number; readonly entry: EntryDraft }[]> {
    if (allocations.length === 0) return [];
    return fromDbEntries(await selectUnreversedEntries(this.session, allocations), this.networks);
  }

  private readonly transferOf = (row: Parameters<typeof fromDbTransfer>[0]): TransferRecord =>
    fromDbTransfer(row, this.networks);
}
