/** Why a payment that arrived is not what was offered: the codes of `checkTerms`, in the order they are looked at. */
export const termsRefusals = [
  'not_offered',
  'network_mismatch',
  'resource_mismatch',
  'asset_mismatch',
  'recipient_mismatch',
  'amount_mismatch',
  'authorization_window',
] as const;
export type TermsRefusal = (typeof termsRefusals)[number];

/** Why an invoice cannot take this payment, found in the claim. */
export const invoiceRefusals = [
  'invoice_in_progress',
  'invoice_already_paid',
  'offer_already_used',
  'invoice_canceled',
  'offer_expired',
  'payment_identifier_reused',
] as const;
export type InvoiceRefusal = (typeof invoiceRefusals)[number];
