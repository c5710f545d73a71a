import type { Transfer } from '@tollbook/domain';
import { offerGraceSeconds } from '@tollbook/domain';
import { testAsset } from '@tollbook/testing';
import { type Deal, type OpenedInvoice, signedKey } from './deals.js';

/** What was done in a world and what its chain says in the end: all that the model knows. */
export type History = {
  /** Transfers of the final chain, in its order. */
  readonly chain: readonly Transfer[];
  /** Our wallets, with the block each is watched from. */
  readonly wallets: ReadonlyMap<string, bigint>;
  readonly deals: readonly Deal[];
  readonly invoices: readonly OpenedInvoice[];
  /** Authorizations whose sending was decided. */
  readonly sent: ReadonlySet<string>;
  /** Authorizations that were carried out after their failure was proved. */
  readonly late: ReadonlySet<string>;
};

/** What the tables must say. Balances are debits less credits; nothing is told that is zero. */
export type Books = {
  /** One line a transfer: its place, and its legs. */
  readonly transfers: readonly string[];
  readonly paidIntents: ReadonlySet<string>;
  readonly balances: ReadonlyMap<string, bigint>;
  /** Open discrepancies of transfers: kind and place. */
  readonly openOfTransfers: readonly string[];
};

function placeOfTransfer({ blockHash, txHash, position }: Transfer): string {
  return `${blockHash}/${txHash}/${position}`;
}

/**
 * The books that a final chain and what buyers did make, by the rules as they are written down and by nothing of the
 * product: each transfer once, in the order of the chain. However the indexer came there, it must end here.
 */
export function expectedBooks(history: History): Books {
  const model = new Model(history);
  for (const transfer of history.chain) model.book(transfer);
  return model;
}

class Model implements Books {
  readonly transfers: string[] = [];
  readonly paidIntents = new Set<string>();
  readonly balances = new Map<string, bigint>();
  readonly openOfTransfers: string[] = [];

  constructor(private readonly history: History) {}

  book(transfer: Transfer): void {
    const isFrom = this.isOwn(transfer.from, transfer);
    const isTo = this.isOwn(transfer.to, transfer);
    if (transfer.contract !== testAsset.contract || (!isFrom && !isTo)) return;
    const { amountAtomic } = transfer;
    if (amountAtomic === 0n) {
      this.tell(transfer, null);
      return;
    }
    if (isFrom) {
      const other = isTo ? transfer.to : 'external';
      if (other !== transfer.from) this.move(other, transfer.from, amountAtomic);
      this.tell(transfer, `${isTo ? 'self' : 'sweep'} ${amountAtomic} -`);
      return;
    }
    const [bucket, intentId] = this.bucketOf(transfer);
    if (bucket === 'payment' && intentId !== null) this.paidIntents.add(intentId);
    this.move(transfer.to, accountOf[bucket], amountAtomic);
    this.tell(transfer, `${bucket} ${amountAtomic} ${intentId ?? '-'}`);
    if (bucket !== 'payment') this.openOfTransfers.push(`${bucket} ${placeOfTransfer(transfer)}`);
  }

  /** Keys decide, then amounts that were promised; never a guess. */
  private bucketOf(transfer: Transfer): readonly [Bucket, string | null] {
    const { authorizationNonce: nonce, from } = transfer;
    const key = nonce === null ? null : signedKey(from, nonce);
    const deal = key === null ? undefined : this.history.deals.find((each) => keyOf(each) === key);
    if (deal && key !== null && this.history.sent.has(key)) {
      const { to, valueAtomic } = deal.purchase.presented.authorization;
      if (to !== transfer.to || valueAtomic !== transfer.amountAtomic) return ['unmatched', null];
      if (this.history.late.has(key)) return ['late', deal.intentId];
      return [this.paidIntents.has(deal.intentId) ? 'duplicate' : 'payment', deal.intentId];
    }
    if (deal) return ['unmatched', null];
    const invoice = this.history.invoices.find(
      (each) => each.wallet === transfer.to && each.reservedAtomic === transfer.amountAtomic,
    );
    if (!invoice || transfer.blockNumber <= invoice.afterBlock) return ['unmatched', null];
    if (this.paidIntents.has(invoice.intentId)) return ['duplicate', invoice.intentId];
    const isInTime = transfer.blockTimeUnixSeconds <= invoice.expiresAtUnixSeconds + offerGraceSeconds;
    return [isInTime ? 'payment' : 'late', invoice.intentId];
  }

  private isOwn(address: string, { blockNumber }: Transfer): boolean {
    const from = this.history.wallets.get(address);
    return from !== undefined && from <= blockNumber;
  }

  private move(debit: string, credit: string, amountAtomic: bigint): void {
    this.balances.set(debit, (this.balances.get(debit) ?? 0n) + amountAtomic);
    this.balances.set(credit, (this.balances.get(credit) ?? 0n) - amountAtomic);
  }

  private tell(transfer: Transfer, leg: string | null): void {
    this.transfers.push(`${placeOfTransfer(transfer)} ${transfer.amountAtomic}: ${leg ?? 'nothing'}`);
  }
}

type Bucket = keyof typeof accountOf;

const accountOf = {
  payment: 'income',
  late: 'overpayment',
  duplicate: 'overpayment',
  unmatched: 'unmatched',
} as const;

function keyOf({ purchase }: Deal): string {
  const { from, nonce } = purchase.presented.authorization;
  return signedKey(from, nonce);
}
