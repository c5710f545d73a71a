import type { PaymentProof } from '@tollbook/domain';
import { z } from 'zod';
import { decodeBase64Json } from './decode-base64-json.js';
import type { PaymentHeaders } from './payment-headers.js';

/** What a request shows in place of a signed payment. One of invoice id and transaction is there at least. */
export type ShownInvoiceHeaders = {
  readonly invoiceId: string | null;
  /** Lower-case. */
  readonly txHash: string | null;
  readonly proof: PaymentProof | null;
};

const proofSchema = z.object({
  address: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .toLowerCase(),
  signature: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2})+$/)
    .toLowerCase(),
});

/** One spelling each: 50 or 70 bytes in base32, and 32 bytes in hex. Another chain family's hashes branch here. */
const invoiceIdPattern = /^inv_(?:[a-z2-7]{80}|[a-z2-7]{112})$/;
const txHashPattern = /^0x[0-9a-fA-F]{64}$/;

/**
 * The invoice id, transaction and payer's proof in a request's headers; null where there is none of them, and what is
 * wrong as text, which never repeats what the client sent.
 */
export function decodeShownInvoice(headers: PaymentHeaders): ShownInvoiceHeaders | string | null {
  const { paymentTx, paymentProof, invoiceId } = headers;
  if (paymentTx.length + paymentProof.length + invoiceId.length === 0) return null;
  if (paymentTx.length > 1 || paymentProof.length > 1 || invoiceId.length > 1) {
    return 'X402-Payment-Tx, X402-Payment-Proof and X402-Invoice-Id are each sent once.';
  }
  const [txHash = null] = paymentTx;
  const [id = null] = invoiceId;
  const [proofText] = paymentProof;
  if (id !== null && !invoiceIdPattern.test(id)) return 'X402-Invoice-Id is not an invoice id.';
  if (txHash !== null && !txHashPattern.test(txHash)) return 'X402-Payment-Tx is not a transaction hash.';
  if (proofText === undefined) return { invoiceId: id, txHash: txHash?.toLowerCase() ?? null, proof: null };
  if (txHash === null) return 'X402-Payment-Proof goes with X402-Payment-Tx.';
  const proof = decodeProof(proofText);
  if (typeof proof === 'string') return `X402-Payment-Proof cannot be read: ${proof}.`;
  return { invoiceId: id, txHash: txHash.toLowerCase(), proof };
}

function decodeProof(value: string): PaymentProof | string {
  const decoded = decodeBase64Json(value);
  if (decoded.kind === 'refused') return decoded.detail;
  const parsed = proofSchema.safeParse(decoded.json);
  return parsed.success ? parsed.data : 'not an object with address and signature in hex';
}
