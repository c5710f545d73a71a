import { ChainUnavailable, type ProofVerifier, type SignedText } from '@tollbook/usecases';
import { encodeFunctionData, hashMessage } from 'viem/utils';
import { readEcdsaSignature } from './ecdsa-signature.js';
import type { EvmRpc } from './evm-rpc.js';
import { unwrapSignature } from './payer-signature.js';
import { recoverSigner } from './recover-signer.js';
import { revertText } from './revert-text.js';
import { readHex } from './rpc-value.js';

/** Judges personal messages (EIP-191) of one EVM network's keys and contracts. */
export function createEvmProofVerifier({ rpc }: { readonly rpc: EvmRpc }): ProofVerifier {
  return {
    async isSignedBy(signed) {
      const digest = hashMessage(signed.text);
      const ecdsa = readEcdsaSignature(signed.signature.replace(/0([01])$/, plusTwentySeven));
      // Also an account with code may have a key of its own (EIP-7702); its word is as good as the contract's.
      if (ecdsa && (await recoverSigner(digest, ecdsa)) === signed.address.toLowerCase()) return true;
      return isSignedByContract(rpc, signed, digest);
    },
  };
}

async function isSignedByContract(
  rpc: EvmRpc,
  { address, signature }: SignedText,
  digest: `0x${string}`,
): Promise<boolean> {
  const bytes = readHex(signature);
  const to = readHex(address, 20);
  if (bytes === undefined || to === undefined) return false;
  // Whoever has sent a transfer is deployed, so a wrapper (ERC-6492) is only taken off.
  const unwrapped = unwrapSignature(bytes);
  if (unwrapped === null) return false;
  const code = readHex(await rpc.request('eth_getCode', [to, 'latest']));
  if (code === undefined) throw new ChainUnavailable(rpc.network, 'eth_getCode: the answer makes no sense');
  if (code === '0x') return false;
  const data = encodeFunctionData({ abi: erc1271, args: [digest, unwrapped] });
  const [outcome] = await rpc.batch([{ method: 'eth_call', params: [{ to, data, gas: gasMax }, 'latest'] }]);
  if (outcome?.kind === 'result') return readHex(outcome.value)?.toLowerCase() === accepted;
  if (outcome?.kind === 'error' && revertText(outcome.error) !== null) return false;
  throw new ChainUnavailable(rpc.network, 'isValidSignature: no answer');
}

/** Some hardware wallets end a personal message's signature with 0 or 1; no token reads it, so nothing is lost. */
function plusTwentySeven(_end: string, bit: string): string {
  return bit === '0' ? '1b' : '1c';
}

const erc1271 = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
    outputs: [{ type: 'bytes4' }],
  },
] as const;

/** `isValidSignature`'s own selector, as it is returned for yes. */
const accepted = `0x1626ba7e${'0'.repeat(56)}`;
/** What a contract may spend on looking at a signature. */
const gasMax = '0x1e8480';
