const names: Readonly<Record<string, string>> = {
  'eip155:8453': 'Base',
  'eip155:84532': 'Base Sepolia',
  'eip155:137': 'Polygon',
  'eip155:1': 'Ethereum',
  'eip155:42161': 'Arbitrum One',
  'eip155:43114': 'Avalanche',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': 'Solana',
  'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1': 'Solana Devnet',
};

/** What people call a network; its CAIP-2 name where nobody here knows better. */
export function networkName(network: string): string {
  return names[network] ?? network;
}
