import { setTimeout as delay } from 'node:timers/promises';
import { createHandStore, createPaymentQueries } from '@tollbook/db';
import type { IntentStatus } from '@tollbook/domain';
import { MINE_BLOCKS_MAX, mineBlocks, type SandboxState, sendTokens } from '@tollbook/sandbox';
import { commandContext, createTellCase, type IntentRecord, type LinkOrder, orderLinkByHand } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import type { OpenDatabase } from '../open-database.js';
import type { SeedBuyer } from './seed-buyer.js';

/** What money is to a payment that did not ask for it like that. */
export type Mistake = 'short' | 'over' | 'late' | 'duplicate';

/** To a payment of which status it is made, and what part of its price comes, in quarters. */
const mistakes: readonly { readonly kind: Mistake; readonly of: readonly IntentStatus[]; readonly quarters: bigint }[] =
  [
    { kind: 'short', of: ['open'], quarters: 3n },
    { kind: 'over', of: ['open'], quarters: 6n },
    { kind: 'late', of: ['failed'], quarters: 4n },
    { kind: 'duplicate', of: ['confirmed', 'final'], quarters: 4n },
  ];

const newestLooked = 200;
const finalWithinMs = 120_000;
const pauseMs = 1_000;
const clock = { nowMs: Date.now };

type Parts = { readonly database: OpenDatabase; readonly bookId: number; readonly state: SandboxState };
type Sent = {
  readonly kind: Mistake;
  readonly intentId: string;
  readonly txHash: string;
  readonly handLinkId: string | null;
};

/**
 * Buyers whose payment went another way send its price by a plain transfer: too little, too much, after it had failed, a
 * second time. The merchant, who is asked by mail, gives the money to the payment by hand once it is final, as the
 * dashboard would. Resolves to what was ordered and carried out, by kind; fewer than `each` where too few payments fit.
 */
export async function seedByHand(
  parts: Parts,
  buyers: readonly SeedBuyer[],
  each: number,
): Promise<ReadonlyMap<Mistake, number>> {
  const sent = await sendByMistake(parts, buyers, each);
  const linked = new Map<Mistake, number>(mistakes.map(({ kind }) => [kind, 0]));
  const untilMs = performance.now() + finalWithinMs;
  let waiting = sent;
  while (waiting.length > 0 && performance.now() < untilMs) {
    await mineBlocks(parts.state.evm.rpcUrl, MINE_BLOCKS_MAX);
    await delay(pauseMs);
    const left: Sent[] = [];
    for (const transfer of waiting) {
      const order = await link(parts, transfer);
      if (!order?.isDone) left.push({ ...transfer, handLinkId: order?.handLinkId ?? null });
      else if (order.refusal === null) linked.set(transfer.kind, (linked.get(transfer.kind) ?? 0) + 1);
    }
    waiting = left;
  }
  return linked;
}

async function sendByMistake({ database, bookId, state }: Parts, buyers: readonly SeedBuyer[], each: number) {
  const queries = createPaymentQueries(database);
  const keyOf = new Map(buyers.map(({ address, privateKey }) => [address.toLowerCase(), privateKey]));
  const taken = new Set<string>();
  const sent: Sent[] = [];
  for (const { kind, of, quarters } of mistakes) {
    const filter = { status: of, network: null, endpointId: null, payer: null };
    const payments = await queries.listPayments(bookId, filter, null, newestLooked);
    const fit = payments.filter((payment) => !taken.has(payment.intentId) && isWhole(payment)).slice(0, each);
    for (const { intentId, payer, amountAtomic } of fit) {
      const privateKey = keyOf.get(payer ?? '');
      if (privateKey === undefined) continue;
      taken.add(intentId);
      const transfer = { privateKey, to: state.merchant.evmAddress, amountAtomic: (amountAtomic * quarters) / 4n };
      sent.push({ kind, intentId, txHash: await sendTokens(state, transfer), handLinkId: null });
    }
  }
  return sent;
}

/** Nothing else was wrong with it before. */
function isWhole({ openDiscrepancies }: IntentRecord): boolean {
  return openDiscrepancies.length === 0;
}

/** Orders that the money be given to its payment, once it is final; then looks whether the worker has done it. */
async function link({ database, bookId }: Parts, { intentId, txHash, handLinkId }: Sent): Promise<LinkOrder | null> {
  const hand = createHandStore(database.pool, createTellCase({ clock, crypto: cryptoPort, catalog: database.catalog }));
  if (handLinkId !== null) return hand.linkOrder(bookId, handLinkId);
  const unmatched = { isMatched: false, network: null };
  const transfers = await createPaymentQueries(database).listTransfers(bookId, unmatched, null, newestLooked);
  const found = transfers.find((transfer) => transfer.txHash === txHash && transfer.stage === 'final');
  const [discrepancyId] = found?.discrepancyIds ?? [];
  if (discrepancyId === undefined) return null;
  const wanted = { intentId, reason: 'Sample data: the buyer named the payment by mail' };
  const result = await orderLinkByHand(hand, bookId, discrepancyId, wanted, commandContext);
  return result.kind === 'ordered' ? result.order : null;
}
