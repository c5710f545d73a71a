import { devUsdAbi } from '@tollbook/sandbox';
import { encodeFunctionData } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex, signAuthorization, signCancellation, usdcChainId } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createBuiltInSettlement, gasNonceOf } from './built-in-settlement.js';
import { createEvmVerifier } from './evm-verifier.js';
import { createGasSigner } from './gas-signer.js';
import { readField, readQuantity } from './rpc-value.js';
import { transferGasLimit } from './transfer-call.js';

describe.each(['latest', 'pending'] as const)('judged on %s', (simulationTag) => {
  let node: TokenChain;
  const signer = createGasSigner(generatePrivateKey());
  beforeAll(async () => {
    node = await startTokenChain();
    await node.chain.mint(node.chain.account(1).address, 1_000_000n);
    await node.chain.rpc('anvil_setBalance', [signer.address, '0x56bc75e2d63100000']);
  });
  afterAll(() => node?.chain.stop());

  const verifier = () =>
    createEvmVerifier({
      rpc: node.rpc,
      reader: node.reader,
      chainId: usdcChainId,
      senderAddress: signer.address,
      simulationTag,
    });
  const payer = () => node.chain.account(1);
  const gatewayOf = () => createBuiltInSettlement({ rpc: node.rpc, chainId: usdcChainId, signer });

  it('accepts a payment that the chain then carries out, and finds it spent afterwards', async () => {
    const signed = await signAuthorization(payer());
    expect(await verifier().checkSignature(signed)).toEqual({ kind: 'plausible', signer: 'key' });
    expect(await verifier().verify(signed)).toEqual({ kind: 'accepted', signer: 'key' });
    const prepared = await gatewayOf().prepare(signed);
    const { signedTx, txHash } = await prepared.sign(await gasNonceOf(node.rpc, signer.address));
    expect(await gatewayOf().send(signedTx)).toEqual({ kind: 'accepted' });
    await node.waitUntilMined(txHash);
    expect(await verifier().verify(signed)).toEqual({ kind: 'spent', by: 'transfer', txHash });
  });

  it('refuses a short balance', async () => {
    const signed = await signAuthorization(payer(), { valueAtomic: 2_000_000n });
    expect(await verifier().verify(signed)).toMatchObject({ kind: 'refused', reason: 'insufficient_funds' });
  });

  it('refuses a wrong signature, and an expired and an early authorization in the words of the chain', async () => {
    const refused = (rawReason: string) => ({ kind: 'refused', reason: 'verification_refused', rawReason });
    const strange = await signAuthorization(node.chain.account(2), { from: payer().address.toLowerCase() });
    const expected = `a signature of ${payer().address.toLowerCase()}`;
    const received = `one of ${node.chain.account(2).address.toLowerCase()}`;
    expect(await verifier().checkSignature(strange)).toEqual({ kind: 'refused', expected, received });
    expect(await verifier().verify(strange)).toMatchObject({ kind: 'refused', reason: 'signature_invalid' });
    const expired = await signAuthorization(payer(), { validBeforeUnixSeconds: 1_000n });
    expect(await verifier().verify(expired)).toEqual(refused('FiatTokenV2: authorization is expired'));
    const early = await signAuthorization(payer(), {
      validAfterUnixSeconds: 9_000_000_000n,
      validBeforeUnixSeconds: 9_000_000_300n,
    });
    expect(await verifier().verify(early)).toEqual(refused('FiatTokenV2: authorization is not yet valid'));
  });

  it('tells a canceled nonce from a used one', async () => {
    const signed = await signAuthorization(payer());
    const { nonce } = signed.authorization;
    const data = encodeFunctionData({
      abi: devUsdAbi,
      functionName: 'cancelAuthorization',
      args: [payer().address, hex(nonce), await signCancellation(payer(), nonce)],
    });
    const txHash = await node.callToken(node.chain.account(3), data);
    expect(await verifier().verify(signed)).toEqual({ kind: 'spent', by: 'cancellation', txHash });
  });
});

describe('sending', () => {
  let node: TokenChain;
  const signer = createGasSigner(generatePrivateKey());
  beforeAll(async () => {
    node = await startTokenChain();
    await node.chain.mint(node.chain.account(1).address, 1_000_000n);
    await node.chain.rpc('anvil_setBalance', [signer.address, '0x56bc75e2d63100000']);
  });
  afterAll(() => node?.chain.stop());

  const prepareOne = async () => {
    const gateway = createBuiltInSettlement({ rpc: node.rpc, chainId: usdcChainId, signer });
    return { gateway, prepared: await gateway.prepare(await signAuthorization(node.chain.account(1))) };
  };

  it('is accepted again while the transaction waits, and after it was mined', async () => {
    const { gateway, prepared } = await prepareOne();
    const { signedTx, txHash } = await prepared.sign(await gasNonceOf(node.rpc, signer.address));
    await node.chain.setAutomine(false);
    expect(await gateway.send(signedTx)).toEqual({ kind: 'accepted' });
    expect(await node.reader.receipt(txHash)).toBeNull();
    expect(await gateway.send(signedTx)).toEqual({ kind: 'accepted' });
    await node.chain.mine();
    await node.chain.setAutomine(true);
    await node.waitUntilMined(txHash);
    expect(await gateway.send(signedTx)).toEqual({ kind: 'accepted' });
  });

  it('is uncertain about a transaction whose gas nonce another one took', async () => {
    const [first, second] = [await prepareOne(), await prepareOne()];
    const gasNonce = await gasNonceOf(node.rpc, signer.address);
    const [one, two] = [await first.prepared.sign(gasNonce), await second.prepared.sign(gasNonce)];
    expect(await first.gateway.send(one.signedTx)).toEqual({ kind: 'accepted' });
    await node.waitUntilMined(one.txHash);
    const outcome = await second.gateway.send(two.signedTx);
    expect(outcome).toMatchObject({ kind: 'uncertain', hint: expect.stringContaining('nonce too low') });
  });

  it('carries out payments whose gas nonces arrive in any order', async () => {
    const first = await gasNonceOf(node.rpc, signer.address);
    const txs = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const { gateway, prepared } = await prepareOne();
        return { gateway, ...(await prepared.sign(first + BigInt(index))) };
      }),
    );
    const outcomes = await Promise.all(txs.toReversed().map(({ gateway, signedTx }) => gateway.send(signedTx)));
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'accepted' })));
    const isMined = async () => {
      await node.chain.mine();
      return Promise.all(txs.map(async ({ txHash }) => (await node.reader.receipt(txHash))?.isSuccess ?? false));
    };
    await expect.poll(isMined).toEqual(txs.map(() => true));
    expect(await gasNonceOf(node.rpc, signer.address)).toBe(first + 8n);
  });

  it('leaves a good part of its gas limit unused', async () => {
    const gateway = createBuiltInSettlement({ rpc: node.rpc, chainId: usdcChainId, signer });
    // A wallet that never held a token and a fresh nonce: two new words of storage.
    const signed = await signAuthorization(node.chain.account(1), { to: `0x${'c'.repeat(40)}` });
    const prepared = await gateway.prepare(signed);
    const { signedTx, txHash } = await prepared.sign(await gasNonceOf(node.rpc, signer.address));
    await gateway.send(signedTx);
    await node.waitUntilMined(txHash);
    const receipt = await node.rpc.request('eth_getTransactionReceipt', [txHash]);
    const gasUsed = readQuantity(readField(receipt, 'gasUsed')) ?? 0n;
    expect(gasUsed).toBeGreaterThan(50_000n);
    expect(gasUsed).toBeLessThan((transferGasLimit * 8n) / 10n);
  });
});
