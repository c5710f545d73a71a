import type { Asset, Authorization } from '@tollbook/domain';
import { keccak256, stringToBytes } from 'viem/utils';
import { domainTypeHash, encodeWords, transferTypeHash } from './token-abi.js';

/** What an EIP-712 domain is made of. */
export type TokenDomainParts = {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly contract: string;
};

/** The EIP-712 domain separator of a token, as its `DOMAIN_SEPARATOR()` answers it. */
export function domainSeparator({ name, version, chainId, contract }: TokenDomainParts): `0x${string}` {
  return keccak256(
    encodeWords(
      domainTypeHash,
      keccak256(stringToBytes(name)),
      keccak256(stringToBytes(version)),
      BigInt(chainId),
      contract,
    ),
  );
}

/** The 32 bytes that an EIP-3009 payer signs; throws `AssertionFailed` on fields that no uint256 or address holds. */
export function authorizationDigest(asset: Asset, chainId: number, authorization: Authorization): `0x${string}` {
  const separator = separatorOf(asset, chainId);
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  const struct = hashOf(
    encodeWords(transferTypeHash, from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce),
  );
  return hashOf(`0x1901${separator.slice(2)}${struct.slice(2)}`);
}

/** Of hex as bytes: every payment is hashed here, and reading its hex in script costs as much as the hash. */
function hashOf(hex: `0x${string}`): `0x${string}` {
  return `0x${Buffer.from(keccak256(Buffer.from(hex.slice(2), 'hex'), 'bytes')).toString('hex')}`;
}

type KnownSeparator = { readonly chainId: number; readonly separator: `0x${string}` };

/** A token has one domain, and hashing it again would be half the work of every digest. */
const knownSeparators = new WeakMap<Asset, KnownSeparator>();

function separatorOf(asset: Asset, chainId: number): `0x${string}` {
  const known = knownSeparators.get(asset);
  if (known?.chainId === chainId) return known.separator;
  const separator = domainSeparator({ ...asset.eip712, chainId, contract: asset.contract });
  knownSeparators.set(asset, { chainId, separator });
  return separator;
}
