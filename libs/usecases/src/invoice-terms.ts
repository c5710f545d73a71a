import {
  type InvoiceFields,
  intentIdOfInvoice,
  offerExpiresAt,
  type TermsNetwork,
  type TermsVersion,
} from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { FormatAddress } from './payment-intent-view.js';
import type { ConfigurationStore } from './ports/configuration-store.js';
import type { StoredIntentStore } from './ports/stored-intents.js';
import type { PurchaseDeps } from './purchase.js';

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

export type InvoiceDeps = {
  readonly purchase: Pick<PurchaseDeps, 'termsOf' | 'crypto'>;
  readonly intents: Pick<StoredIntentStore, 'intent'>;
  readonly configuration: Pick<ConfigurationStore, 'wallet'>;
  readonly catalog: Catalog;
  readonly formatAddress: FormatAddress;
};

/**
 * The terms behind an invoice id whose seal is good: an offer names a terms version, a stored intent its book and, by
 * its own bytes, its row. Null where there is no such thing.
 */
export async function invoiceTerms(
  deps: InvoiceDeps,
  invoiceBytes: Uint8Array,
  fields: InvoiceFields,
): Promise<InvoiceTerms | null> {
  if (fields.isStored) return storedTerms(deps, invoiceBytes, Number(fields.reference));
  const terms = await deps.purchase.termsOf(fields.reference);
  if (!terms) return null;
  const { bookId, endpointId, priceVersionId, networks } = terms;
  const expiresAtUnixSeconds = offerExpiresAt(fields.issuedAtUnixSeconds, terms);
  return { bookId, endpointId, priceVersionId, description: null, networks, version: terms, expiresAtUnixSeconds };
}

async function storedTerms(deps: InvoiceDeps, invoiceBytes: Uint8Array, bookId: number): Promise<InvoiceTerms | null> {
  const { purchase, intents, configuration, catalog, formatAddress } = deps;
  const intent = await intents.intent(bookId, intentIdOfInvoice(invoiceBytes, purchase.crypto.sha256));
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
