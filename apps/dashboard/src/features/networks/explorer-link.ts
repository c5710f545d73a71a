const transactionPages: Readonly<Record<string, string>> = {
  'eip155:8453': 'https://basescan.org/tx/',
  'eip155:137': 'https://polygonscan.com/tx/',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': 'https://solscan.io/tx/',
};

/** A public explorer's page for a transaction; null where there is none, such as for the sandbox. */
export function explorerLink(network: string, txHash: string | null): string | null {
  const page = transactionPages[network];
  return page === undefined || txHash === null ? null : page + encodeURIComponent(txHash);
}
