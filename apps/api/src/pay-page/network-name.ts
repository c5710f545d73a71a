/** Networks as people know them; others are told by their CAIP-2 id. */
const names: Readonly<Record<string, string>> = {
  'eip155:8453': 'Base',
  'eip155:84532': 'Base Sepolia (test network)',
  'eip155:137': 'Polygon',
  'eip155:1': 'Ethereum',
  'eip155:42161': 'Arbitrum One',
  'eip155:43114': 'Avalanche',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': 'Solana',
  'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1': 'Solana devnet (test network)',
};

export function networkName(network: string): string {
  return names[network] ?? network;
}
