/** What a transfer is shown to have paid, as its payer signs it (payment core, section 8, B3). */
export type ProofSubject = {
  /** Of our public base URL, with its port where that is not the scheme's own. */
  readonly host: string;
  readonly invoiceId: string;
  /** CAIP-2. */
  readonly network: string;
  readonly txHash: string;
};

/**
 * The text by which a payer says that its transfer pays an invoice. It names all that could be exchanged, so a signature
 * is of no use for another invoice, transaction, network or seller. EVM wallets sign it as a personal message (EIP-191).
 */
export function proofText({ host, invoiceId, network, txHash }: ProofSubject): string {
  return ['Tollbook payment proof', host, invoiceId, network, txHash.toLowerCase()].join('\n');
}

/** A proof as it came: who says so, and the signature over `proofText`. */
export type PaymentProof = { readonly address: string; readonly signature: string };
