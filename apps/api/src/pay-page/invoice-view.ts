import {
  formatDecimal,
  type IntentStatus,
  intentIdOfInvoice,
  invoiceIdBytes,
  readInvoiceId,
  type TermsVersion,
} from '@tollbook/domain';
import { invoiceNumber } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import type { ApiParts } from '../composition.js';
import { type InvoiceParts, invoiceTerms } from './invoice-terms.js';

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
  readonly txHash: string | null;
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
  /** Networks on which a transfer from a wallet is worth its fee. */
  readonly walletNetworks: readonly string[];
};

type Parts = Pick<ApiParts, 'snapshot' | 'purchase' | 'queries' | 'catalog'> & InvoiceParts;

/** Reads an invoice by its id, writing nothing; null for an id that is not one of ours, whatever it lacks. */
export async function readInvoice(
  parts: Parts,
  invoiceId: string,
): Promise<{ readonly view: InvoiceView; readonly subject: InvoiceSubject } | null> {
  const { snapshot, purchase, queries, catalog } = parts;
  const bytes = invoiceIdBytes(invoiceId);
  const reading = readInvoiceId(bytes, (keyId) => snapshot.sealKeyOf(keyId), purchase.crypto.hmacSha256);
  if (bytes === null || reading.kind === 'refused') return null;
  const terms = await invoiceTerms(parts, bytes, reading.fields);
  if (!terms) return null;
  const detail = await queries.payment(terms.bookId, intentIdOfInvoice(bytes, cryptoPort.sha256));
  const { expiresAtUnixSeconds } = terms;
  const isOver = snapshot.nowMs() / 1000 > expiresAtUnixSeconds;
  const latest = detail?.attempts.find((attempt) => attempt.status !== 'failed');
  const book = snapshot.books().find((each) => each.book.bookId === terms.bookId)?.book;
  const endpoint = book?.endpoints.find((each) => each.endpointId === terms.endpointId);
  const view = {
    invoiceId,
    status: detail?.intent.status ?? (isOver ? 'expired' : 'open'),
    invoiceNumber: detail ? invoiceNumber(detail.intent.invoiceYear, detail.intent.invoiceNo) : null,
    accepts: terms.networks.map((entry) => ({
      network: entry.network,
      asset: entry.assetText,
      currency: catalog.assets.find((asset) => asset.assetId === entry.asset.assetId)?.symbol ?? entry.asset.symbol,
      address: entry.payToText,
      amount: formatDecimal(entry.amountAtomic, entry.asset.decimals),
      amountAtomic: entry.amountAtomic.toString(),
    })),
    expiresAt: new Date(expiresAtUnixSeconds * 1000).toISOString(),
    txHash: latest?.txHash ?? null,
    retrySamePayload: latest !== undefined && latest.status !== 'confirmed' && latest.status !== 'final',
    checkedAt: new Date(snapshot.nowMs()).toISOString(),
  } as const;
  const subject = {
    mode: book?.mode ?? 'live',
    what: endpoint ? `${endpoint.method} ${endpoint.path}` : null,
    description: terms.description ?? endpoint?.description ?? '',
    isOffer: !reading.fields.isStored,
    walletNetworks: terms.networks.filter(isWorthATransfer).map(({ network }) => network),
  };
  return { view, subject };
}

/** Payment core, section 8: below a hundredth of the unit, transfers from wallets are not offered. */
function isWorthATransfer({ amountAtomic, asset }: TermsVersion['networks'][number]): boolean {
  return amountAtomic * 100n >= 10n ** BigInt(asset.decimals);
}
