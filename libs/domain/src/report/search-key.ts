import { decodeId } from '../id.js';
import { invoiceIdBytes } from '../offer/invoice-id.js';

/** What somebody typed to find a payment, told by its shape, so that each is one look-up by an index. */
export type SearchKey =
  | { readonly kind: 'intent'; readonly intentId: string }
  | { readonly kind: 'invoice_id'; readonly bytes: Uint8Array; readonly text: string }
  | { readonly kind: 'invoice_number'; readonly year: number; readonly no: number }
  | { readonly kind: 'tx_hash'; readonly hash: string }
  | { readonly kind: 'payer'; readonly address: string }
  /** Everything else may be a merchant's own name for an order. */
  | { readonly kind: 'order_id'; readonly text: string };

/** The key of a text. What begins like an id of ours and is none finds nothing as an order either. */
export function searchKey(text: string): SearchKey {
  const trimmed = text.trim();
  const intentId = decodeId('intent', trimmed);
  if (intentId !== null) return { kind: 'intent', intentId };
  const bytes = trimmed.startsWith('inv_') ? invoiceIdBytes(trimmed) : null;
  if (bytes !== null) return { kind: 'invoice_id', bytes, text: trimmed };
  const [, year, no] = /^INV-(\d{4})-(\d{1,9})$/i.exec(trimmed) ?? [];
  if (year !== undefined && no !== undefined) return { kind: 'invoice_number', year: Number(year), no: Number(no) };
  if (/^0x[0-9a-f]{64}$/i.test(trimmed)) return { kind: 'tx_hash', hash: trimmed.toLowerCase() };
  if (/^0x[0-9a-f]{40}$/i.test(trimmed)) return { kind: 'payer', address: trimmed.toLowerCase() };
  return { kind: 'order_id', text: trimmed };
}
