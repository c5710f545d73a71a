import { shortenHash } from '../../ui/shorten-hash.js';
import { networkName } from '../networks/network-name.js';

/** An account of the ledger as people call it; its code stands beside it on hover and in the raw payment. */
export function accountName(code: string, endpointName: (id: string | null) => string): string {
  const [kind = '', ...rest] = code.split(':');
  const name = rest.join(':');
  const wallet = /^wallet:(.+):([^:]+)$/.exec(name);
  if (kind === 'assets' && wallet) return `Wallet ${shortenHash(wallet[2] ?? '')}, ${networkName(wallet[1] ?? '')}`;
  if (kind === 'pending' || kind === 'income') {
    return `${kind === 'pending' ? 'Pending' : 'Income'}, ${name === 'none' ? 'no endpoint' : endpointName(name)}`;
  }
  const words = name.replaceAll('_', ' ');
  return words === '' ? code : words.charAt(0).toUpperCase() + words.slice(1);
}
