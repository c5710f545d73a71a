import {
  type IntentStatus,
  intentIdOfInvoice,
  isWorthATransfer,
  type Mode,
  reservableRange,
  reserveAmount,
} from '@tollbook/domain';
import { assetOf } from './catalog.js';
import { type ChangeDeps, refreshContext } from './change-attempt.js';
import { bornIntent } from './create-intent.js';
import type { IntentTerms } from './ports/records.js';
import type { StoredIntentDraft, StoredIntentStore, StoredIntentTx } from './ports/stored-intents.js';
import { tellCreated } from './refresh-intent.js';

export type OpenInvoiceDeps = ChangeDeps & { readonly intents: StoredIntentStore };

/** An invoice whose seal is good, with the way in which its holder wants to pay it. */
export type InvoiceToOpen = Omit<IntentTerms, 'source' | 'fingerprint'> & {
  readonly bookId: number;
  readonly mode: Mode;
  /** Whether it is an intent already, made by its merchant. */
  readonly isStored: boolean;
  /** Whether its offer may be paid now; a stored intent's row tells itself. */
  readonly isInForce: boolean;
};

export type OpenResult =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly reason: 'not_payable'; readonly status: IntentStatus }
  | { readonly kind: 'refused'; readonly reason: 'opened_elsewhere' | 'not_offered' | 'amounts_taken' };

/**
 * Prepares an invoice for a transfer from a wallet (B2): the offer becomes a stored intent, and an amount is reserved
 * that names it and nothing else. Asked again it changes nothing.
 */
export async function openInvoice(deps: OpenInvoiceDeps, invoice: InvoiceToOpen): Promise<OpenResult> {
  const { bookId, network } = invoice;
  const intentId = intentIdOfInvoice(invoice.invoiceId, deps.crypto.sha256);
  return deps.intents.inBook<OpenResult>(bookId, async (tx) => {
    await tx.holdInvoice(intentId);
    const [intent] = await tx.lockIntents([{ bookId, intentId }]);
    if (intent && intent.network !== network) return { kind: 'refused', reason: 'opened_elsewhere' };
    if (intent && intent.reservedAtomic !== null) return { kind: 'opened' };
    const status = intent?.status ?? 'open';
    if (status !== 'open' || (!intent && invoice.isStored)) return { kind: 'refused', reason: 'not_payable', status };
    if (!invoice.isInForce || tx.nowMs >= invoice.expiresAtMs) {
      return { kind: 'refused', reason: 'not_payable', status: 'expired' };
    }
    const { decimals } = assetOf(deps.catalog, invoice.assetId);
    if (!isWorthATransfer(invoice.amountAtomic, decimals)) return { kind: 'refused', reason: 'not_offered' };
    const { afterBlock, ...taken } = await tx.unreservableAmounts(invoice, reservableRange(invoice.amountAtomic));
    const reservedAtomic = reserveAmount(invoice.amountAtomic, taken);
    if (reservedAtomic === null) return { kind: 'refused', reason: 'amounts_taken' };
    if (!intent) await insertOpened(deps, tx, invoice, intentId);
    await tx.promiseAmount(intentId, invoice, reservedAtomic, afterBlock);
    return { kind: 'opened' };
  });
}

/** The intent that an offer becomes; its merchant is told of it like of any that it made itself. */
async function insertOpened(
  deps: OpenInvoiceDeps,
  tx: StoredIntentTx,
  { mode, isStored: _isStored, isInForce: _isInForce, ...terms }: InvoiceToOpen,
  intentId: string,
): Promise<void> {
  const draft: StoredIntentDraft = {
    ...terms,
    intentId,
    source: 'pay_page',
    fingerprint: null,
    orderId: null,
    description: null,
    metadata: null,
  };
  const context = refreshContext(deps, { mode }, tx.nowMs, null);
  await tx.insertIntent(draft, tellCreated(bornIntent(draft, tx.nowMs), context));
}
