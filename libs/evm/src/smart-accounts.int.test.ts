import {
  changeDevAccountOwner,
  type PlannedAccount,
  placeDevAccount,
  placeMulticall,
  planDevAccount,
} from '@tollbook/sandbox';
import type { SignedAuthorization } from '@tollbook/usecases';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { encodeAbiParameters } from 'viem/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex, signAuthorization, usdcChainId } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createBuiltInSettlement, gasNonceOf } from './built-in-settlement.js';
import { createEvmVerifier } from './evm-verifier.js';
import { createGasSigner } from './gas-signer.js';
import { createSignatureReader } from './payer-signature.js';
import { multicallAddress } from './transfer-call.js';

const till = hex(`0x${'7a'.repeat(20)}`);
const price = 10_000n;
const wrappedSuffix = '6492'.repeat(16);
const signer = createGasSigner(generatePrivateKey());

let node: TokenChain;
beforeAll(async () => {
  node = await startTokenChain();
  await node.chain.rpc('anvil_setBalance', [signer.address, '0x56bc75e2d63100000']);
  await placeMulticall(node.chain, multicallAddress);
});
afterAll(() => node?.chain.stop());

/** Verifier and gateway as one process has them. */
function processOf(...factories: string[]) {
  const accountFactories = new Set(factories.map((each) => each.toLowerCase()));
  const readSignature = createSignatureReader({ rpc: node.rpc, chainId: usdcChainId, accountFactories });
  const shared = { rpc: node.rpc, chainId: usdcChainId, readSignature };
  const verifier = createEvmVerifier({
    ...shared,
    reader: node.reader,
    senderAddress: signer.address,
    simulationTag: 'pending',
  });
  return { verifier, gateway: createBuiltInSettlement({ ...shared, signer }) };
}

const newOwner = () => privateKeyToAccount(generatePrivateKey());

async function payingAccount() {
  const owner = newOwner();
  const account = await placeDevAccount(node.chain, owner.address);
  await node.chain.mint(account, price);
  return { owner, account };
}

function authorized(owner: ReturnType<typeof newOwner>, account: string): Promise<SignedAuthorization> {
  return signAuthorization(owner, { from: account.toLowerCase(), to: till });
}

function wrapped(signed: SignedAuthorization, { factory, factoryCalldata }: PlannedAccount): SignedAuthorization {
  const parts = [factory, factoryCalldata, hex(signed.signature)] as const;
  const body = encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], parts);
  return { ...signed, signature: `${body}${wrappedSuffix}` };
}

async function send(signed: SignedAuthorization, { gateway } = processOf()): Promise<string> {
  const prepared = await gateway.prepare(signed);
  const { signedTx, txHash } = await prepared.sign(await gasNonceOf(node.rpc, signer.address));
  expect(await gateway.send(signedTx)).toEqual({ kind: 'accepted' });
  return txHash;
}

const isMined = (txHash: string) => async () => (await node.reader.receipt(txHash))?.isSuccess;
const accepted = { kind: 'accepted', signer: 'contract' };

describe('a smart account that is deployed', () => {
  it.each([
    ['65 bytes, as a key makes them', (signature: string) => signature],
    ['more bytes, as wallets wrap them', (signature: string) => `${signature}${'c0'.repeat(40)}`],
  ])('pays with a signature of %s', async (_name, spell) => {
    const { owner, account } = await payingAccount();
    const before = await node.chain.balanceOf(till);
    const plain = await authorized(owner, account);
    const signed = { ...plain, signature: spell(plain.signature) };
    const parts = processOf();
    expect(await parts.verifier.checkSignature(signed)).toEqual({ kind: 'plausible', signer: 'contract' });
    expect(await parts.verifier.verify(signed)).toEqual(accepted);
    await node.waitUntilMined(await send(signed, parts));
    expect(await node.chain.balanceOf(till)).toBe(before + price);
    expect(await parts.verifier.verify(signed)).toMatchObject({ kind: 'spent', by: 'transfer' });
  });

  it('is refused when another key signed', async () => {
    const { account } = await payingAccount();
    const verdict = await processOf().verifier.verify(await authorized(newOwner(), account));
    expect(verdict).toMatchObject({ kind: 'refused', reason: 'signature_invalid' });
  });

  it('is refused once its owner changed, and moves nothing even when it was sent before that was seen', async () => {
    const { owner, account } = await payingAccount();
    const signed = await authorized(owner, account);
    const parts = processOf();
    expect(await parts.verifier.verify(signed)).toEqual(accepted);
    await changeDevAccountOwner(node.chain, account, newOwner().address);
    expect(await parts.verifier.verify(signed)).toMatchObject({ kind: 'refused', reason: 'signature_invalid' });
    await expect.poll(isMined(await send(signed, parts))).toBe(false);
    expect(await node.chain.balanceOf(account)).toBe(price);
  });

  it('signs with what a wrapper of its first days holds', async () => {
    const { owner, account } = await payingAccount();
    const planned = { account, factory: till, factoryCalldata: '0x00' } as const;
    const signed = wrapped(await authorized(owner, account), planned);
    expect(await processOf().verifier.verify(signed)).toEqual(accepted);
    await node.waitUntilMined(await send(signed));
  });
});

describe('a smart account that is not deployed', () => {
  async function plannedPayment() {
    const owner = newOwner();
    const planned = await planDevAccount(node.chain, owner.address);
    await node.chain.mint(planned.account, price);
    return { planned, signed: wrapped(await authorized(owner, planned.account), planned) };
  }

  it('is refused by default, and told which factory it names', async () => {
    const { planned, signed } = await plannedPayment();
    expect(await processOf().verifier.checkSignature(signed)).toEqual({
      kind: 'refused',
      expected: 'an account that is deployed, or made by an allowed factory',
      received: `one that ${planned.factory.toLowerCase()} has yet to deploy`,
    });
    expect(await processOf().verifier.verify(signed)).toMatchObject({ reason: 'signature_invalid' });
  });

  it('is made and pays in one chain transaction when its factory is allowed', async () => {
    const { planned, signed } = await plannedPayment();
    const parts = processOf(planned.factory);
    expect(await parts.verifier.verify(signed)).toEqual(accepted);
    await node.waitUntilMined(await send(signed, parts));
    expect(await node.chain.balanceOf(planned.account)).toBe(0n);
    expect(await node.rpc.request('eth_getCode', [planned.account, 'latest'])).not.toBe('0x');
    expect(await processOf().verifier.verify(signed)).toMatchObject({ kind: 'spent', by: 'transfer' });
  });

  it('is refused on a network without Multicall3', async () => {
    const { planned, signed } = await plannedPayment();
    await node.chain.rpc('anvil_setCode', [multicallAddress, '0x']);
    const verdict = await processOf(planned.factory).verifier.verify(signed);
    await placeMulticall(node.chain, multicallAddress);
    expect(verdict).toMatchObject({ kind: 'refused', rawReason: 'this network has no Multicall3' });
  });

  it('pays all the same when somebody made it meanwhile', async () => {
    const { planned, signed } = await plannedPayment();
    const parts = processOf(planned.factory);
    expect(await parts.verifier.checkSignature(signed)).toEqual({ kind: 'plausible', signer: 'contract' });
    const call = { from: node.chain.account(3).address, to: planned.factory, data: planned.factoryCalldata };
    await node.chain.rpc('anvil_impersonateAccount', [call.from]);
    await node.waitUntilMined(String(await node.chain.rpc('eth_sendTransaction', [{ ...call, gas: '0x1e8480' }])));
    await node.waitUntilMined(await send(signed, parts));
    expect(await node.chain.balanceOf(planned.account)).toBe(0n);
  });

  it('is refused when its factory makes another account', async () => {
    const { planned, signed } = await plannedPayment();
    const other = await planDevAccount(node.chain, newOwner().address);
    const signature = wrapped({ ...signed, signature: `0x${'01'.repeat(65)}` }, { ...planned, factory: other.factory });
    const verdict = await processOf(other.factory).verifier.verify({ ...signed, signature: signature.signature });
    expect(verdict).toMatchObject({ kind: 'refused', reason: 'verification_refused' });
    expect(await node.rpc.request('eth_getCode', [planned.account, 'latest'])).toBe('0x');
  });

  it.each([
    ['empty', ''],
    ['of no such shape', 'ff'.repeat(96)],
    ['endless', `${'00'.repeat(31)}60${'00'.repeat(31)}60${'ff'.repeat(64)}`],
  ])('is refused when what stands before the suffix is %s', async (_name, body) => {
    const signed = { ...(await authorized(newOwner(), till)), signature: `0x${body}${wrappedSuffix}` };
    expect(await processOf().verifier.checkSignature(signed)).toMatchObject({ kind: 'refused' });
  });
});
