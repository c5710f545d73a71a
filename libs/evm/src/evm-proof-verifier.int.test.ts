import { placeDevAccount, planDevAccount } from '@tollbook/sandbox';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { encodeAbiParameters, hashMessage } from 'viem/utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hex } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createEvmProofVerifier } from './evm-proof-verifier.js';
import { createEvmRpc } from './evm-rpc.js';

const text = 'Tollbook payment proof\npay.example\ninv_abc\neip155:84532\n0xab';

let node: TokenChain;
beforeAll(async () => {
  node = await startTokenChain();
});
afterAll(() => node?.chain.stop());

const owner = privateKeyToAccount(generatePrivateKey());
const stranger = privateKeyToAccount(generatePrivateKey());
const isSignedBy = (address: string, signature: string, said = text) =>
  createEvmProofVerifier({ rpc: node.rpc }).isSignedBy({ address: address.toLowerCase(), text: said, signature });

it('believes the key whose address it is, of that very text, however a wallet ends the signature', async () => {
  const signature = await owner.signMessage({ message: text });
  expect(await isSignedBy(owner.address, signature)).toBe(true);
  const short = signature.replace(/1b$/, '00').replace(/1c$/, '01');
  expect(short).not.toBe(signature);
  expect(await isSignedBy(owner.address, short)).toBe(true);
  expect(await isSignedBy(stranger.address, signature)).toBe(false);
  expect(await isSignedBy(owner.address, signature, `${text} `)).toBe(false);
  for (const junk of ['0x', '0x00', 'no hex', `0x${'ff'.repeat(65)}`]) {
    expect(await isSignedBy(owner.address, junk)).toBe(false);
  }
});

it('believes a contract by its own word: its owner’s signature, also wrapped, and nobody else’s', async () => {
  const account = await placeDevAccount(node.chain, owner.address);
  const signature = await owner.sign({ hash: hashMessage(text) });
  expect(await isSignedBy(account, signature)).toBe(true);
  expect(await isSignedBy(account, await stranger.signMessage({ message: text }))).toBe(false);
  const parts = [hex(stranger.address), '0x00', signature] as const;
  const body = encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], parts);
  expect(await isSignedBy(account, `${body}${'6492'.repeat(16)}`)).toBe(true);
  expect(await isSignedBy(account, `0x00${'6492'.repeat(16)}`)).toBe(false);
});

it('believes no address that has neither key nor code behind the signature', async () => {
  const planned = await planDevAccount(node.chain, owner.address);
  expect(await isSignedBy(planned.account, await owner.signMessage({ message: text }))).toBe(false);
});

it('does not decide for a contract while its node is away', async () => {
  const rpc = createEvmRpc({ network: 'eip155:84532', url: 'http://127.0.0.1:1', timeoutMs: 500 });
  const verifier = createEvmProofVerifier({ rpc });
  const signature = await owner.signMessage({ message: text });
  expect(await verifier.isSignedBy({ address: owner.address.toLowerCase(), text, signature })).toBe(true);
  await expect(verifier.isSignedBy({ address: stranger.address, text, signature })).rejects.toThrow();
});
