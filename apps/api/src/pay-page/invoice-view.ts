import {
  dueAtomic,
  formatDecimal,
  type IntentStatus,
  intentIdOfInvoice,
  invoiceIdBytes,
  isWorthATransfer,
  paidAtomic,
  readInvoiceId,
  type TermsNetwork,
  type TermsVersion,
} from '@tollbook/domain';
import {
  type GateBook,
  type GateEndpoint,
  type IntentRecord,
  type InvoiceDeps,
  invoiceNumber,
  invoiceTerms,
} from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import type { ApiParts } from '../composition.js';

/** One way to pay an invoice. */
export type InvoiceWay = {
  readonly network: string;
  readonly asset: string;
  readonly currency: string;
  readonly address: string;
  readonly amount: string;
  readonly amountAtomic: string;
};

/** What whoever holds an invoice's id may know of it: the terms, and what became of the payment. */
export type InvoiceView = {
  readonly invoiceId: string;
  readonly status: IntentStatus;
  readonly invoiceNumber: string | null;
  readonly accepts: readonly InvoiceWay[];
  readonly expiresAt: string;
  /** What a wallet is to send, once the invoice was opened for it: its amount alone says what it pays. */
  readonly transfer: InvoiceWay | null;
  readonly txHash: string | null;
  /** What is still to be paid where a part of it has come; null where nothing or all has. */
  readonly missing: { readonly amount: string; readonly currency: string } | null;
  /** While an outcome is in doubt the same bytes may be sent again, and nothing new should be signed. */
  readonly retrySamePayload: boolean;
  readonly checkedAt: string;
};

/** What the page says beside the view; not part of the JSON. */
export type InvoiceSubject = {
  readonly mode: 'test' | 'live';
  /** Such as `GET /weather`; null for an endpoint that is no longer served. */
  readonly what: string | null;
  readonly description: string;
  /** Whether it was offered by a 402; else a merchant's backend made it. */
  readonly isOffer: boolean;
  /** Whether a transfer paid it, so that the invoice id alone fetches what it bought. */
  readonly isPaidByTransfer: boolean;
  /** Where what was bought is fetched with the invoice id, if the offer's request can be told from its endpoint. */
  readonly fetchPath: string | null;
  /** Networks on which a transfer from a wallet is worth its fee. */
  readonly walletNetworks: readonly string[];
};

type Parts = Pick<ApiParts, 'snapshot' | 'purchase' | 'queries' | 'catalog'> & InvoiceDeps;

/** Reads an invoice by its id, writing nothing; null for an id that is not one of ours, whatever it lacks. */
export async function readInvoice(
  parts: Parts,
  invoiceId: string,
): Promise<{ readonly view: InvoiceView; readonly subject: InvoiceSubject } | null> {
  const { snapshot, purchase, queries } = parts;
  const bytes = invoiceIdBytes(invoiceId);
  const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
  if (bytes === null || reading.kind === 'refused') return null;
  const terms = await invoiceTerms(parts, bytes, reading.fields);
  if (!terms) return null;
  const detail = await queries.payment(terms.bookId, intentIdOfInvoice(bytes, cryptoPort.sha256));
  const { expiresAtUnixSeconds } = terms;
  // Whoever tries to pay an offer, or opens it, chooses its network.
  const entries = terms.networks.filter((each) => !detail || each.network === detail.intent.network);
  const [entry] = entries;
  const reservedAtomic = detail?.intent.reservedAtomic ?? null;
  const paying = detail?.intent.allocations.find(({ bucket }) => bucket === 'payment');
  const isOpened = detail?.intent.status === 'open' && reservedAtomic !== null;
  const seenTxHash = isOpened ? await purchase.shown.store.seenByAmount(terms.bookId, detail.intent.intentId) : null;
  const isOver = snapshot.nowMs() / 1000 > expiresAtUnixSeconds;
  const latest = detail?.attempts.find((attempt) => attempt.status !== 'failed');
  const book = snapshot.books().find((each) => each.book.bookId === terms.bookId)?.book;
  const endpoint = book?.endpoints.find((each) => each.endpointId === terms.endpointId);
  const view = {
    invoiceId,
    status: detail?.intent.status ?? (isOver ? 'expired' : 'open'),
    invoiceNumber: detail ? invoiceNumber(detail.intent.invoiceYear, detail.intent.invoiceNo) : null,
    accepts: entries.map((entry) => wayOf(parts, entry, entry.amountAtomic)),
    expiresAt: new Date(expiresAtUnixSeconds * 1000).toISOString(),
    transfer: entry && reservedAtomic !== null ? wayOf(parts, entry, reservedAtomic) : null,
    txHash: paying?.txHash ?? latest?.txHash ?? seenTxHash,
    missing: detail && entry ? missingOf(parts, entry, detail.intent) : null,
    retrySamePayload: latest !== undefined && latest.status !== 'confirmed' && latest.status !== 'final',
    checkedAt: new Date(snapshot.nowMs()).toISOString(),
  } as const;
  const subject = {
    mode: book?.mode ?? 'live',
    what: endpoint ? `${endpoint.method} ${endpoint.path}` : null,
    description: terms.description ?? endpoint?.description ?? '',
    isOffer: !reading.fields.isStored,
    isPaidByTransfer: paying !== undefined && (latest === undefined || latest.kind === 'transfer'),
    fetchPath: terms.version && book && endpoint ? fetchPathOf(book, endpoint, terms.version) : null,
    walletNetworks: entries.filter(isForWallets).map(({ network }) => network),
  };
  return { view, subject };
}

/** The one request that an offer of this endpoint can have been for; a pattern or a priced query leaves it open. */
function fetchPathOf(
  { gateSlug }: GateBook,
  { method, path }: GateEndpoint,
  { pricedQuery }: Pick<TermsVersion, 'pricedQuery'>,
): string | null {
  return method === 'GET' && pricedQuery.length === 0 && !/\/[:*]/.test(path) ? `/g/${gateSlug}${path}` : null;
}

function missingOf(parts: Parts, entry: TermsNetwork, intent: IntentRecord): InvoiceView['missing'] {
  const paid = paidAtomic(intent.allocations);
  const missingAtomic = dueAtomic(intent) - paid;
  if (paid === 0n || missingAtomic <= 0n) return null;
  const { amount, currency } = wayOf(parts, entry, missingAtomic);
  return { amount, currency };
}

function isForWallets({ amountAtomic, asset }: TermsNetwork): boolean {
  return isWorthATransfer(amountAtomic, asset.decimals);
}

function wayOf({ catalog }: Pick<Parts, 'catalog'>, entry: TermsNetwork, amountAtomic: bigint): InvoiceWay {
  const { network, asset, assetText, payToText } = entry;
  return {
    network,
    asset: assetText,
    currency: catalog.assets.find(({ assetId }) => assetId === asset.assetId)?.symbol ?? asset.symbol,
    address: payToText,
    amount: formatDecimal(amountAtomic, asset.decimals),
    amountAtomic: amountAtomic.toString(),
  };
}
