import { hashTypedData, keccak256, stringToBytes, domainSeparator as viemDomainSeparator } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { hex, signAuthorization, transferTypedData, usdcAsset, usdcChainId } from '../test/sign-authorization.js';
import { authorizationDigest, domainSeparator } from './authorization-digest.js';
import { domainTypeHash, encodeWords, eventTopics, selectors, transferTypeHash, word } from './token-abi.js';

const hashText = (text: string) => keccak256(stringToBytes(text));

describe('the encoding by hand', () => {
  it('has the hashes of the signatures it names', () => {
    const transfer =
      'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,' +
      'bytes32 nonce)';
    const call = 'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)';
    const domain = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
    expect(transferTypeHash).toBe(hashText(transfer));
    expect(domainTypeHash).toBe(hashText(domain));
    expect(eventTopics).toEqual({
      transfer: hashText('Transfer(address,address,uint256)'),
      authorizationUsed: hashText('AuthorizationUsed(address,bytes32)'),
      authorizationCanceled: hashText('AuthorizationCanceled(address,bytes32)'),
    });
    expect(selectors).toEqual({
      balanceOf: hashText('balanceOf(address)').slice(0, 10),
      authorizationState: hashText('authorizationState(address,bytes32)').slice(0, 10),
      transferWithAuthorization: hashText(call).slice(0, 10),
      transferWithAuthorizationBytes: hashText(call.replace('uint8,bytes32,bytes32', 'bytes')).slice(0, 10),
      name: hashText('name()').slice(0, 10),
      version: hashText('version()').slice(0, 10),
      decimals: hashText('decimals()').slice(0, 10),
      symbol: hashText('symbol()').slice(0, 10),
      domainSeparator: hashText('DOMAIN_SEPARATOR()').slice(0, 10),
    });
  });

  it('pads words on the left and refuses what needs more than one', () => {
    expect(encodeWords('0x12345678', 255n, '0xAB')).toBe(`0x12345678${'0'.repeat(62)}ff${'0'.repeat(62)}ab`);
    expect(() => word(2n ** 256n)).toThrow('a word holds 256 bits');
    expect(() => word(-1n)).toThrow('a word holds 256 bits');
    expect(() => word('0xzz')).toThrow('a word holds 256 bits');
  });
});

describe('authorizationDigest', () => {
  it('is what wallets sign', async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    for (const valueAtomic of [0n, 10_000n, 2n ** 256n - 1n]) {
      const { authorization } = await signAuthorization(account, { valueAtomic });
      const digest = authorizationDigest(usdcAsset, usdcChainId, authorization);
      expect(digest).toBe(hashTypedData(transferTypedData(authorization)));
    }
  });

  it('stands under the domain of its token', () => {
    const { name, version } = usdcAsset.eip712;
    const domain = { name, version, chainId: usdcChainId, verifyingContract: hex(usdcAsset.contract) };
    const parts = { name, version, chainId: usdcChainId, contract: usdcAsset.contract };
    expect(domainSeparator(parts)).toBe(viemDomainSeparator({ domain }));
  });
});
