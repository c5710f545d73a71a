import { randomBytes } from 'node:crypto';
import type { Asset, Authorization } from '@tollbook/domain';
import type { SignedAuthorization } from '@tollbook/usecases';
import type { PrivateKeyAccount } from 'viem/accounts';

/** Base Sepolia's USDC. */
export const usdcAsset: Asset = {
  assetId: 1,
  network: 'eip155:84532',
  contract: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
  symbol: 'USDC',
  decimals: 6,
  eip712: { name: 'USDC', version: '2' },
};

export const usdcChainId = 84_532;

const uint = <const Name extends string>(name: Name) => ({ name, type: 'uint256' }) as const;
const address = <const Name extends string>(name: Name) => ({ name, type: 'address' }) as const;

/** The EIP-712 typed data of EIP-3009, as wallets are asked to sign it. */
export function transferTypedData(authorization: Authorization) {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  return {
    domain: { ...usdcAsset.eip712, chainId: usdcChainId, verifyingContract: hex(usdcAsset.contract) },
    primaryType: 'TransferWithAuthorization',
    types: {
      TransferWithAuthorization: [
        address('from'),
        address('to'),
        uint('value'),
        uint('validAfter'),
        uint('validBefore'),
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    message: {
      from: hex(from),
      to: hex(to),
      value: valueAtomic,
      validAfter: validAfterUnixSeconds,
      validBefore: validBeforeUnixSeconds,
      nonce: hex(nonce),
    },
  } as const;
}

/** An authorization of 10,000 atomic units, valid for a day, signed by `account`. */
export async function signAuthorization(
  account: PrivateKeyAccount,
  overrides: Partial<Authorization> = {},
): Promise<SignedAuthorization> {
  const authorization: Authorization = {
    from: account.address.toLowerCase(),
    to: '0x00000000000000000000000000000000000000aa',
    valueAtomic: 10_000n,
    validAfterUnixSeconds: 0n,
    validBeforeUnixSeconds: BigInt(Math.floor(Date.now() / 1_000) + 86_400),
    nonce: `0x${randomBytes(32).toString('hex')}`,
    ...overrides,
  };
  const signature = await account.signTypedData(transferTypedData(authorization));
  return { asset: usdcAsset, authorization, signature };
}

/** The payer's signature that burns a nonce unused. */
export function signCancellation(account: PrivateKeyAccount, nonce: string): Promise<`0x${string}`> {
  return account.signTypedData({
    domain: { ...usdcAsset.eip712, chainId: usdcChainId, verifyingContract: hex(usdcAsset.contract) },
    primaryType: 'CancelAuthorization',
    types: { CancelAuthorization: [address('authorizer'), { name: 'nonce', type: 'bytes32' }] },
    message: { authorizer: account.address, nonce: hex(nonce) },
  });
}

/** Text that is known to be hex, typed as viem wants it. */
export function hex(text: string): `0x${string}` {
  return `0x${text.slice(2)}`;
}
