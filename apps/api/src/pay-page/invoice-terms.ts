import {
  type InvoiceFields,
  intentIdOfInvoice,
  offerExpiresAt,
  type TermsNetwork,
  type TermsVersion,
} from '@tollbook/domain';
import { assetOf } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import type { ApiParts } from '../composition.js';

/** What an invoice asks, wherever its terms stand. */
export type InvoiceTerms = {
  readonly bookId: number;
  readonly endpointId: string | null;
  /** The price that an endpoint asked; null where a merchant's backend named the amount. */
  readonly priceVersionId: string | null;
  /** What the merchant says is sold; null where the endpoint says it. */
  readonly description: string | null;
  readonly networks: readonly TermsNetwork[];
  /** The terms version of an offer; null for a stored intent, whose row has its terms. */
  readonly version: TermsVersion | null;
  readonly expiresAtUnixSeconds: number;
};

export type InvoiceParts = Pick<ApiParts, 'purchase' | 'intents' | 'configuration' | 'catalog' | 'formatAddress'>;

/**
 * The terms behind an invoice id whose seal is good: an offer names a terms version, a stored intent its book and, by
 * its own bytes, its row. Null where there is no such thing.
 */
export async function invoiceTerms(
  parts: InvoiceParts,
  invoiceBytes: Uint8Array,
  fields: InvoiceFields,
): Promise<InvoiceTerms | null> {
  if (fields.isStored) return storedTerms(parts, invoiceBytes, Number(fields.reference));
  const terms = await parts.purchase.termsOf(fields.reference);
  if (!terms) return null;
  const { bookId, endpointId, priceVersionId, networks } = terms;
  const expiresAtUnixSeconds = offerExpiresAt(fields.issuedAtUnixSeconds, terms);
  return { bookId, endpointId, priceVersionId, description: null, networks, version: terms, expiresAtUnixSeconds };
}

async function storedTerms(
  parts: InvoiceParts,
  invoiceBytes: Uint8Array,
  bookId: number,
): Promise<InvoiceTerms | null> {
  const { intents, configuration, catalog, formatAddress } = parts;
  const intent = await intents.intent(bookId, intentIdOfInvoice(invoiceBytes, cryptoPort.sha256));
  const wallet = intent && (await configuration.wallet(bookId, intent.walletId));
  if (!intent || !wallet) return null;
  const { network, walletId, amountAtomic } = intent;
  const asset = assetOf(catalog, intent.assetId);
  const assetText = formatAddress(network, asset.contract);
  const payToText = formatAddress(network, wallet.address);
  return {
    bookId,
    endpointId: intent.endpointId,
    priceVersionId: null,
    description: intent.description,
    version: null,
    networks: [{ network, asset, walletId, assetText, payToText, amountAtomic }],
    expiresAtUnixSeconds: Math.floor(intent.expiresAtMs / 1000),
  };
}
