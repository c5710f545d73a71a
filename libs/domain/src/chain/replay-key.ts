/**
 * What makes a payment unique for ever (payment core, section 4): taken from decoded bytes, never from base64 or from
 * a signature's spelling (A04). The network stands beside it, so it is not part of the text.
 */
export function authorizationReplayKey(contract: string, payer: string, nonce: string): string {
  return `3009/${contract.toLowerCase()}/${payer.toLowerCase()}/${nonce.toLowerCase()}`;
}

/** The replay key of the n-th transfer to us within a transaction, for money that no authorization names. */
export function transactionReplayKey(txHash: string, nthTransfer: number): string {
  return `tx/${txHash.toLowerCase()}/${nthTransfer}`;
}
