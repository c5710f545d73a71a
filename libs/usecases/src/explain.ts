import type { SearchKey } from '@tollbook/domain';
import type {
  ListedTransfer,
  PaymentDetail,
  PaymentFilter,
  PaymentQueries,
  RefusalFilter,
  RefusalRecord,
} from './ports/payment-queries.js';
import { type OfferReading, type ReadOfferDeps, readOffer } from './read-offer.js';

export type ExplainDeps = ReadOfferDeps & {
  readonly queries: Pick<PaymentQueries, 'payment' | 'listPayments' | 'listTransfers' | 'listRefusals'>;
};

/** Everything that is known of an invoice, a transaction or a wallet in one book; newest first. */
export type Explanation = {
  readonly offer: OfferReading | null;
  readonly payments: readonly PaymentDetail[];
  /** Money seen on chain that no payment above has. */
  readonly transfers: readonly ListedTransfer[];
  readonly refusals: readonly RefusalRecord[];
  /** Whether there are more than are told. */
  readonly isCut: boolean;
};

/** What anybody reads at once; a wallet may have thousands. */
const shownMax = 20;

/** Looks up what somebody asks about. Reads only. */
export async function explain(deps: ExplainDeps, bookId: number, about: SearchKey): Promise<Explanation> {
  const { queries } = deps;
  const offer = about.kind === 'invoice_id' ? await readOffer(deps, bookId, about.text) : null;
  const found = await queries.listPayments(bookId, { ...noFilter, found: about }, null, shownMax + 1);
  const intentIds = new Set(found.slice(0, shownMax).map(({ intentId }) => intentId));
  if (offer?.payment) intentIds.add(offer.intentId);
  const details = await inTurn([...intentIds], (intentId) => queries.payment(bookId, intentId));
  const payments = details.filter((each) => each !== null);
  const transfers = await transfersOf(deps, bookId, about);
  const refusals = await refusalsOf(deps, bookId, about, offer?.intentId ?? null);
  const known = new Set(payments.flatMap((each) => each.transfers).map(({ transferId }) => transferId));
  return {
    offer,
    payments,
    transfers: transfers.filter(({ transferId }) => !known.has(transferId)).slice(0, shownMax),
    refusals: refusals.slice(0, shownMax),
    isCut: [found, transfers, refusals].some(({ length }) => length > shownMax),
  };
}

const noFilter: PaymentFilter = { status: [], network: null, endpointId: null, payer: null };
const noRefusalFilter: RefusalFilter = {
  payer: null,
  intentId: null,
  endpointId: null,
  reason: null,
  client: null,
  made: null,
};

/** Of a transaction all its money; of a wallet what no payment was found for, since its payments tell the rest. */
async function transfersOf({ queries }: ExplainDeps, bookId: number, about: SearchKey) {
  const list = (filter: { isMatched: boolean | null; txHash?: string; party?: string }) =>
    queries.listTransfers(bookId, { network: null, ...filter }, null, shownMax + 1);
  if (about.kind === 'tx_hash') return list({ isMatched: null, txHash: about.hash });
  return about.kind === 'payer' ? list({ isMatched: false, party: about.address }) : [];
}

async function refusalsOf({ queries }: ExplainDeps, bookId: number, about: SearchKey, intentId: string | null) {
  const list = (filter: Partial<RefusalFilter>) =>
    queries.listRefusals(bookId, { ...noRefusalFilter, ...filter }, null, shownMax + 1);
  if (about.kind === 'payer') return list({ payer: about.address });
  const of = about.kind === 'intent' ? about.intentId : intentId;
  return of === null ? [] : list({ intentId: of });
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}
