import { bytesToHex, parseTransaction } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAuthorization, usdcAsset, usdcChainId } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createBuiltInSettlement } from './built-in-settlement.js';
import { createGasSigner } from './gas-signer.js';
import { defaultFeePolicy } from './settlement-fees.js';

const gwei = 10n ** 9n;

describe('a transaction that offers too little, on a node that mines only when told', () => {
  let node: TokenChain;
  let lookups = 0;
  const key = generatePrivateKey();
  const signer = createGasSigner(key);
  const payer = privateKeyToAccount(generatePrivateKey());

  beforeAll(async () => {
    node = await startTokenChain();
    await node.chain.rpc('anvil_setBalance', [signer.address, '0x8ac7230489e80000']);
    await node.chain.mint(payer.address, 1_000_000n);
    await node.chain.setAutomine(false);
  });
  afterAll(() => node.chain.stop());

  const gateway = (feePolicy: Partial<typeof defaultFeePolicy> = {}) =>
    createBuiltInSettlement({
      rpc: node.rpc,
      chainId: usdcChainId,
      signer,
      feePolicy: { ...defaultFeePolicy, ...feePolicy },
      // Fees are looked up anew each time.
      nowMs: () => (lookups += 10_000),
    });
  const setBaseFee = (wei: bigint) =>
    node.chain.rpc('anvil_setNextBlockBaseFeePerGas', [`0x${wei.toString(16)}`]).then(() => node.chain.mine());
  const shown = (txHash: string) => node.chain.rpc('eth_getTransactionReceipt', [txHash]);

  it('is passed by, replaced at the same nonce for both fees an eighth higher at least, and pays once', async () => {
    await setBaseFee(gwei);
    const authorization = await signAuthorization(payer);
    const first = await (await gateway().prepare(authorization)).sign(0n);
    expect(await gateway().send(first.signedTx)).toEqual({ kind: 'accepted' });
    await setBaseFee(50n * gwei);
    expect(await shown(first.txHash)).toBeNull();

    const next = await gateway().reprice({
      signedTx: first.signedTx,
      signerAddress: signer.address,
      isForced: false,
    });
    if (next.kind !== 'signed') throw new Error(next.kind);
    const [before, after] = [first.signedTx, next.signedTx].map((bytes) => parseTransaction(bytesToHex(bytes)));
    expect(after).toMatchObject({ nonce: 0, to: before?.to, data: before?.data, gas: before?.gas });
    expect((after?.maxFeePerGas ?? 0n) * 8n).toBeGreaterThanOrEqual((before?.maxFeePerGas ?? 0n) * 9n);
    expect((after?.maxPriorityFeePerGas ?? 0n) * 8n).toBeGreaterThanOrEqual((before?.maxPriorityFeePerGas ?? 0n) * 9n);
    expect(await gateway().send(next.signedTx)).toEqual({ kind: 'accepted' });
    await node.chain.mine();
    expect(await shown(next.txHash)).toMatchObject({ status: '0x1' });
    expect(await shown(first.txHash)).toBeNull();
    // The bytes that it replaced can do nothing any more, and are no news to anybody.
    expect((await gateway().send(first.signedTx)).kind).toBe('uncertain');
    const { head } = await node.reader.head();
    const nonce = authorization.authorization.nonce;
    const used = await node.reader.nonceStates(usdcAsset.contract, [{ payer: payer.address, nonce }], head.hash);
    expect(used[0]?.isUsed).toBe(true);
  });

  it('is left alone while it offers what is asked, unless it is next in line and passed by all the same', async () => {
    const own = await (await gateway().prepare(await signAuthorization(payer))).sign(1n);
    const ask = (isForced: boolean) =>
      gateway().reprice({ signedTx: own.signedTx, signerAddress: signer.address, isForced });
    expect((await ask(false)).kind).toBe('fair');
    expect((await ask(true)).kind).toBe('signed');
    const stranger = { signedTx: own.signedTx, signerAddress: `0x${'7'.repeat(40)}`, isForced: true };
    expect((await gateway().reprice(stranger)).kind).toBe('no_key');
  });

  it('waits where an eighth more is above the cap, and nothing new is prepared above it either', async () => {
    const own = await (await gateway().prepare(await signAuthorization(payer))).sign(1n);
    const { maxFeePerGas = 0n } = parseTransaction(bytesToHex(own.signedTx));
    const capped = gateway({ maxFeePerGasWeiMax: (maxFeePerGas * 9n) / 8n - 1n });
    const asked = { signedTx: own.signedTx, signerAddress: signer.address, isForced: true };
    expect((await capped.reprice(asked)).kind).toBe('capped');
    const poor = gateway({ maxFeePerGasWeiMax: gwei });
    await expect(poor.prepare(await signAuthorization(payer))).rejects.toThrow('above the fee policy');
  });
});
