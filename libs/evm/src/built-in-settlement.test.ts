import { ChainUnavailable } from '@tollbook/usecases';
import { bytesToHex, keccak256, parseTransaction, recoverTransactionAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../test/scripted-chain.js';
import { type ScriptedCall, ScriptedError, scriptedNode } from '../test/scripted-node.js';
import { signAuthorization, usdcChainId } from '../test/sign-authorization.js';
import { createBuiltInSettlement, gasNonceOf } from './built-in-settlement.js';
import { addressOfKey, createGasSigner } from './gas-signer.js';
import { defaultFeePolicy } from './settlement-fees.js';
import { transferGasLimit } from './transfer-call.js';

const key = generatePrivateKey();
const payer = privateKeyToAccount(generatePrivateKey());

type Answers = Readonly<Record<string, unknown>>;

const fees: Answers = { eth_getBlockByNumber: { baseFeePerGas: '0x64' }, eth_gasPrice: '0x3b9aca64' };

function gatewayOf(answers: Answers, options: { maxFeePerGasWeiMax?: bigint; nowMs?: () => number } = {}) {
  const node = scriptedNode(({ method }: ScriptedCall) => {
    const answer = answers[method];
    return answer === undefined ? new ScriptedError(-32601, `no ${method} here`) : answer;
  });
  const feePolicy = { ...defaultFeePolicy, maxFeePerGasWeiMax: options.maxFeePerGasWeiMax ?? 10n ** 12n };
  const gateway = createBuiltInSettlement({
    rpc: node.rpc,
    chainId: usdcChainId,
    signer: createGasSigner(key),
    feePolicy,
    ...(options.nowMs ? { nowMs: options.nowMs } : {}),
  });
  return { gateway, node };
}

async function signedBy(gateway: ReturnType<typeof gatewayOf>['gateway'], gasNonce = 7n) {
  const prepared = await gateway.prepare(await signAuthorization(payer));
  return prepared.sign(gasNonce);
}

describe('prepare and sign', () => {
  it('make a chain tx of the gas key that carries out the authorization', async () => {
    const { gateway } = gatewayOf(fees);
    const { signedTx, txHash } = await signedBy(gateway);
    const raw = bytesToHex(signedTx);
    expect(txHash).toBe(keccak256(raw));
    expect(parseTransaction(raw)).toMatchObject({
      type: 'eip1559',
      chainId: usdcChainId,
      nonce: 7,
      gas: transferGasLimit,
      to: '0x036cbd53842c5426634e7929541ec2318f3dcf7e',
      maxPriorityFeePerGas: 1_000_000_000n,
      maxFeePerGas: 1_000_000_200n,
    });
    const sender = await recoverTransactionAddress({ serializedTransaction: `0x02${raw.slice(4)}` });
    expect(sender.toLowerCase()).toBe(addressOfKey(key));
  });

  it('sign the same bytes for the same gas nonce, and other bytes for another', async () => {
    const { gateway } = gatewayOf(fees);
    const prepared = await gateway.prepare(await signAuthorization(payer));
    const [first, again, other] = await Promise.all([prepared.sign(0n), prepared.sign(0n), prepared.sign(1n)]);
    expect(again).toEqual(first);
    expect(other.txHash).not.toBe(first.txHash);
  });

  it('ask for fees once in four seconds, also for callers at once', async () => {
    let nowMs = 0;
    const { gateway, node } = gatewayOf(fees, { nowMs: () => nowMs });
    await Promise.all([signedBy(gateway), signedBy(gateway)]);
    nowMs = 3_999;
    await signedBy(gateway);
    expect(node.bodies).toHaveLength(1);
    nowMs = 4_000;
    await signedBy(gateway);
    expect(node.bodies).toHaveLength(2);
  });

  it('ask again after a failure', async () => {
    const answers: Record<string, unknown> = {};
    const { gateway } = gatewayOf(answers, { nowMs: () => 0 });
    await expect(signedBy(gateway)).rejects.toThrow(ChainUnavailable);
    Object.assign(answers, fees);
    expect((await signedBy(gateway)).txHash).toMatch(/^0x/);
  });

  it('throw ChainUnavailable without a base fee, and above the policy', async () => {
    await expect(signedBy(gatewayOf({ ...fees, eth_getBlockByNumber: {} }).gateway)).rejects.toThrow(ChainUnavailable);
    const { gateway } = gatewayOf(fees, { maxFeePerGasWeiMax: 1_000_000_199n });
    await expect(signedBy(gateway)).rejects.toThrow('gas at 1000000200 wei is above the fee policy');
  });
});

describe('send', () => {
  async function sendWith(answersOf: (txHash: string) => Answers) {
    const { gateway } = gatewayOf(fees);
    const { signedTx, txHash } = await signedBy(gateway);
    const { gateway: sender, node } = gatewayOf(answersOf(txHash));
    return { outcome: await sender.send(signedTx), node, signedTx };
  }
  const refusing = (message: string) => ({ eth_sendRawTransaction: new ScriptedError(-32000, message) });

  it('sends the stored bytes and is accepted when the node answers their hash', async () => {
    const { outcome, node, signedTx } = await sendWith((txHash) => ({ eth_sendRawTransaction: txHash }));
    expect(outcome).toEqual({ kind: 'accepted' });
    expect(node.bodies.flat()).toMatchObject([{ method: 'eth_sendRawTransaction', params: [bytesToHex(signedTx)] }]);
  });

  it('is uncertain when the node answers another hash, or none', async () => {
    for (const answer of [hashOf(1), null, {}]) {
      const { outcome } = await sendWith(() => ({ eth_sendRawTransaction: answer }));
      expect(outcome).toEqual({ kind: 'uncertain', hint: 'hash_mismatch' });
    }
  });

  it.each(['already known', 'AlreadyKnown', 'transaction already imported', 'known transaction: 0x12'])(
    'is accepted when the node says: %s',
    async (message) => {
      expect((await sendWith(() => refusing(message))).outcome).toEqual({ kind: 'accepted' });
    },
  );

  it('is accepted on any refusal when the node has our transaction', async () => {
    const { outcome } = await sendWith((hash) => ({
      ...refusing('nonce too low'),
      eth_getTransactionByHash: { hash },
    }));
    expect(outcome).toEqual({ kind: 'accepted' });
  });

  it('is uncertain when the node calls our transaction unknown', async () => {
    expect((await sendWith(() => refusing('unknown transaction type'))).outcome).toMatchObject({ kind: 'uncertain' });
  });

  it.each([
    ['has no such transaction', { eth_getTransactionByHash: null }],
    ['has another one', { eth_getTransactionByHash: { hash: hashOf(1) } }],
    ['does not tell', {}],
  ])('is uncertain on a refusal when the node %s', async (_name, answers) => {
    const { outcome } = await sendWith(() => ({ ...refusing('nonce too low'), ...answers }));
    expect(outcome).toEqual({ kind: 'uncertain', hint: 'eth_sendRawTransaction: error -32000: nonce too low' });
  });

  it('is uncertain, and throws nothing, when the node fails', async () => {
    const { gateway } = gatewayOf(fees);
    const { signedTx } = await signedBy(gateway);
    for (const [response, hint] of [
      [new Response('<html>', { status: 502 }), 'eth_sendRawTransaction: HTTP 502'],
      [new Response('<html>'), 'eth_sendRawTransaction: the answer is not JSON'],
    ] as const) {
      const { rpc } = scriptedNode(
        () => null,
        () => response,
      );
      const sender = createBuiltInSettlement({ rpc, chainId: usdcChainId, signer: createGasSigner(key) });
      expect(await sender.send(signedTx)).toEqual({ kind: 'uncertain', hint });
    }
  });
});

describe('the gas key', () => {
  it('has a next nonce that counts what waits', async () => {
    const node = scriptedNode(() => '0x1f');
    expect(await gasNonceOf(node.rpc, addressOfKey(key))).toBe(31n);
    expect(node.bodies.flat()).toMatchObject([{ params: [addressOfKey(key), 'pending'] }]);
    await expect(gasNonceOf(scriptedNode(() => null).rpc, addressOfKey(key))).rejects.toThrow(ChainUnavailable);
  });

  it('tells how many of its transactions stand in blocks', async () => {
    const { gateway, node } = gatewayOf({ eth_getTransactionCount: '0x1e' });
    expect(await gateway.minedNonces(addressOfKey(key))).toBe(30n);
    expect(node.bodies.flat()).toMatchObject([{ params: [addressOfKey(key), 'latest'] }]);
    await expect(gatewayOf({}).gateway.minedNonces(addressOfKey(key))).rejects.toThrow(ChainUnavailable);
  });

  it('is never repeated in an error', () => {
    const zero = `0x${'0'.repeat(64)}`;
    for (const bad of ['s3cret', key.slice(2), `${key}00`, zero]) {
      expect(() => createGasSigner(bad)).toThrow(/^(a private key is 32 bytes|the private key lies outside)/);
    }
  });
});
