import type { InvoiceWay } from './invoice-view.js';

/**
 * What a wallet reads from the QR code: an EIP-681 transfer of the token. Null for networks and assets that it has no
 * form for.
 */
export function paymentUri({ network, asset, address, amountAtomic }: InvoiceWay): string | null {
  const [, chainId] = /^eip155:(\d+)$/.exec(network) ?? [];
  if (chainId === undefined || !isAddress(asset) || !isAddress(address)) return null;
  return `ethereum:${asset}@${chainId}/transfer?address=${address}&uint256=${amountAtomic}`;
}

function isAddress(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text);
}
