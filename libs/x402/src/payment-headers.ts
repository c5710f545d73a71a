/** The headers of one request that may carry a payment, each with every value it came with. */
export type PaymentHeaders = {
  readonly paymentSignature: readonly string[];
  readonly xPayment: readonly string[];
  /** Values of `Authorization`: an early draft of the protocol put payments there. */
  readonly authorization: readonly string[];
  /** Lower-case names of headers of early drafts that are present: `x-x402-intent`, `pay`. */
  readonly olderNames: readonly string[];
  /** What shows an invoice, or the transaction that paid it, in place of a signed payment. */
  readonly paymentTx: readonly string[];
  readonly paymentProof: readonly string[];
  readonly invoiceId: readonly string[];
};

const names = {
  paymentSignature: 'payment-signature',
  xPayment: 'x-payment',
  authorization: 'authorization',
  paymentTx: 'x402-payment-tx',
  paymentProof: 'x402-payment-proof',
  invoiceId: 'x402-invoice-id',
} as const;
const olderNames = ['x-x402-intent', 'pay'] as const;
const watched: readonly string[] = [...Object.values(names), ...olderNames];
const watchedLengths = new Set(watched.map((name) => name.length));

/**
 * Collects payment headers from a raw list of alternating names and values, as Node keeps it in `rawHeaders`: there a
 * header sent twice still is two values. Runs for every unpaid request, so most names are passed over by length.
 */
export function paymentHeadersOf(rawHeaders: readonly string[]): PaymentHeaders {
  const found: [name: string, value: string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const rawName = rawHeaders[at] ?? '';
    if (!watchedLengths.has(rawName.length)) continue;
    const name = rawName.toLowerCase();
    if (watched.includes(name)) found.push([name, rawHeaders[at + 1] ?? '']);
  }
  if (found.length === 0) return noPaymentHeaders;
  const valuesOf = (name: string) => found.filter(([each]) => each === name).map(([, value]) => value);
  return {
    paymentSignature: valuesOf(names.paymentSignature),
    xPayment: valuesOf(names.xPayment),
    authorization: valuesOf(names.authorization),
    olderNames: olderNames.filter((name) => found.some(([each]) => each === name)),
    paymentTx: valuesOf(names.paymentTx),
    paymentProof: valuesOf(names.paymentProof),
    invoiceId: valuesOf(names.invoiceId),
  };
}

const noPaymentHeaders: PaymentHeaders = {
  paymentSignature: [],
  xPayment: [],
  authorization: [],
  olderNames: [],
  paymentTx: [],
  paymentProof: [],
  invoiceId: [],
};
