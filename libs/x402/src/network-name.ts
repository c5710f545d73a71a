/**
 * Networks and their names in x402 version 1. `isIssued` says that stock v1 clients know the name: one entry with a
 * name they do not know makes them refuse the whole challenge, so the others are understood but never sent.
 */
const networks = [
  { caip2: 'eip155:8453', name: 'base', isIssued: true },
  { caip2: 'eip155:84532', name: 'base-sepolia', isIssued: true },
  { caip2: 'eip155:137', name: 'polygon', isIssued: true },
  { caip2: 'eip155:80002', name: 'polygon-amoy', isIssued: true },
  { caip2: 'eip155:43114', name: 'avalanche', isIssued: true },
  { caip2: 'eip155:43113', name: 'avalanche-fuji', isIssued: true },
  { caip2: 'eip155:1', name: 'ethereum', isIssued: false },
  { caip2: 'eip155:11155111', name: 'sepolia', isIssued: false },
  { caip2: 'eip155:42220', name: 'celo', isIssued: false },
  { caip2: 'eip155:1329', name: 'sei', isIssued: true },
  { caip2: 'eip155:1328', name: 'sei-testnet', isIssued: true },
  { caip2: 'eip155:4689', name: 'iotex', isIssued: true },
  { caip2: 'eip155:3338', name: 'peaq', isIssued: true },
  { caip2: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', name: 'solana', isIssued: true },
  { caip2: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1', name: 'solana-devnet', isIssued: true },
  { caip2: 'solana:4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z', name: 'solana-testnet', isIssued: false },
] as const;

const caip2ByName = new Map<string, string>(networks.map(({ name, caip2 }) => [name, caip2]));
const nameByCaip2 = new Map<string, string>(networks.map(({ name, caip2 }) => [caip2, name]));
const issuedNames = new Set<string>(networks.filter(({ isIssued }) => isIssued).map(({ name }) => name));

/** CAIP-2 of a version 1 network name. What is no such name, CAIP-2 among it, comes back as it is. */
export function fromV1Network(network: string): string {
  return caip2ByName.get(network) ?? network;
}

/** The version 1 name of a CAIP-2 network; CAIP-2 itself where version 1 has none. */
export function toV1Network(caip2: string): string {
  return nameByCaip2.get(caip2) ?? caip2;
}

/** The version 1 name that may stand in a challenge, or null when stock version 1 clients would choke on it. */
export function issuedV1Network(caip2: string): string | null {
  const name = nameByCaip2.get(caip2);
  return name !== undefined && issuedNames.has(name) ? name : null;
}
