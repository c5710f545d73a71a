import type { Address, Hex } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';

/** A wallet that nobody has used: its address, and the key to pay from it. */
export function newBuyer(): { readonly address: Address; readonly privateKey: Hex } {
  const privateKey = generatePrivateKey();
  return { privateKey, address: privateKeyToAddress(privateKey) };
}
