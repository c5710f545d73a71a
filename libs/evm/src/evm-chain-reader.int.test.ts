import { devUsdAbi } from '@tollbook/sandbox';
import { ChainUnavailable } from '@tollbook/usecases';
import { encodeFunctionData } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex, signAuthorization, signCancellation, usdcAsset, usdcChainId } from '../test/sign-authorization.js';
import { startTokenChain, type TokenChain } from '../test/token-chain.js';
import { createBuiltInSettlement, gasNonceOf } from './built-in-settlement.js';
import { createGasSigner } from './gas-signer.js';
import { checkToken, readTokenDomain } from './token-domain.js';

const contracts = [usdcAsset.contract];

describe('a real node', () => {
  let node: TokenChain;
  beforeAll(async () => {
    node = await startTokenChain();
    for (const index of [1, 2]) await node.chain.mint(node.chain.account(index).address, 1_000_000n);
    await node.chain.mint(node.chain.minter.address, 1_000_000n);
  });
  afterAll(() => node?.chain.stop());

  const walletOf = (index: number) => node.chain.account(index).address.toLowerCase();
  const transfersSince = async (fromNumber: bigint, wallets: readonly string[]) =>
    node.reader.transfers({ fromNumber, toNumber: await node.headNumber(), contracts, wallets });
  const plainTransfer = (to: string, value: bigint) =>
    node.callToken(
      node.chain.account(2),
      encodeFunctionData({ abi: devUsdAbi, functionName: 'transfer', args: [hex(to), value] }),
    );

  async function settle(to: string) {
    const { rpc, chain } = node;
    const signer = createGasSigner(await privateKeyWithEther());
    const signed = await signAuthorization(chain.account(1), { to, validAfterUnixSeconds: 1n });
    const gateway = createBuiltInSettlement({ rpc, chainId: usdcChainId, signer });
    const prepared = await gateway.prepare(signed);
    const { signedTx, txHash } = await prepared.sign(await gasNonceOf(rpc, signer.address));
    expect(await gateway.send(signedTx)).toEqual({ kind: 'accepted' });
    await node.waitUntilMined(txHash);
    return { ...signed.authorization, txHash };
  }

  async function privateKeyWithEther(): Promise<string> {
    const key = `0x${'5'.repeat(64)}`;
    await node.chain.rpc('anvil_setBalance', [createGasSigner(key).address, '0x56bc75e2d63100000']);
    return key;
  }

  it('pairs a transfer with the authorization that it carried out', async () => {
    const before = await node.headNumber();
    const { txHash, nonce } = await settle(walletOf(5));
    const { transfers, end } = await transfersSince(before + 1n, [walletOf(5)]);
    expect(transfers).toEqual([
      {
        network: usdcAsset.network,
        blockNumber: before + 1n,
        blockHash: end.hash,
        blockTimeUnixSeconds: end.timeUnixSeconds,
        txHash,
        position: 1,
        contract: usdcAsset.contract,
        from: walletOf(1),
        to: walletOf(5),
        amountAtomic: 10_000n,
        authorizationNonce: nonce,
      },
    ]);
    expect(await node.reader.receipt(txHash)).toEqual({
      isSuccess: true,
      blockNumber: before + 1n,
      blockHash: end.hash,
    });
  });

  it('pairs each of several authorizations of one chain tx', async () => {
    const before = await node.headNumber();
    const seed = `0x${'7'.repeat(64)}` as const;
    const data = encodeFunctionData({ abi: devUsdAbi, functionName: 'burst', args: [hex(walletOf(6)), 2n, seed] });
    await node.callToken(node.chain.minter, data);
    const { transfers } = await transfersSince(before + 1n, [walletOf(6)]);
    expect(transfers.map(({ position, amountAtomic }) => [position, amountAtomic])).toEqual([
      [1, 1n],
      [3, 2n],
    ]);
    const nonces = transfers.map(({ authorizationNonce }) => authorizationNonce);
    expect(new Set(nonces).size).toBe(2);
    for (const nonce of nonces) expect(nonce).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('finds plain transfers in and out, without a nonce', async () => {
    const before = await node.headNumber();
    await plainTransfer(walletOf(7), 5n);
    const incoming = await transfersSince(before + 1n, [walletOf(7)]);
    const outgoing = await transfersSince(before + 1n, [walletOf(2)]);
    expect(incoming.transfers).toEqual(outgoing.transfers);
    expect(incoming.transfers).toMatchObject([{ amountAtomic: 5n, authorizationNonce: null }]);
    expect((await transfersSince(before + 1n, [walletOf(8)])).transfers).toEqual([]);
  });

  it('refuses a range that the node does not have yet', async () => {
    const toNumber = (await node.headNumber()) + 1n;
    const query = { fromNumber: 0n, toNumber, contracts, wallets: [walletOf(5)] };
    await expect(node.reader.transfers(query)).rejects.toThrow(ChainUnavailable);
  });

  it('tells what became of a nonce', async () => {
    const payer = node.chain.account(1);
    const nonce = `0x${'9'.repeat(64)}`;
    const signature = await signCancellation(payer, nonce);
    const data = encodeFunctionData({
      abi: devUsdAbi,
      functionName: 'cancelAuthorization',
      args: [payer.address, hex(nonce), signature],
    });
    const txHash = await node.callToken(node.chain.account(3), data);
    const used = await settle(walletOf(5));
    const { head } = await node.reader.head();
    const fateOf = (key: string) =>
      node.reader.authorizationFate(usdcAsset.contract, { payer: walletOf(1), nonce: key }, 0n, head.number);
    expect(await fateOf(nonce)).toEqual({ kind: 'canceled', txHash, blockNumber: head.number - 1n });
    expect(await fateOf(used.nonce)).toEqual({ kind: 'used', txHash: used.txHash, blockNumber: head.number });
    expect(await fateOf(`0x${'8'.repeat(64)}`)).toBeNull();

    const keys = [nonce, used.nonce, `0x${'8'.repeat(64)}`].map((each) => ({ payer: walletOf(1), nonce: each }));
    const now = await node.reader.nonceStates(usdcAsset.contract, keys, head.hash);
    expect(now.map(({ isUsed }) => isUsed)).toEqual([true, true, false]);
    const then = await node.reader.nonceStates(usdcAsset.contract, keys, head.parentHash);
    expect(then.map(({ isUsed }) => isUsed)).toEqual([true, false, false]);
  });

  it('reads a balance at a block by its hash', async () => {
    const [empty] = await node.reader.headers([await node.headNumber()]);
    await plainTransfer(walletOf(8), 3n);
    const { head } = await node.reader.head();
    const balanceAt = (blockHash: string) => node.reader.balanceAt(usdcAsset.contract, walletOf(8), blockHash);
    expect([await balanceAt(empty?.hash ?? ''), await balanceAt(head.hash)]).toEqual([0n, 3n]);
    await expect(balanceAt(`0x${'1'.repeat(64)}`)).rejects.toThrow(ChainUnavailable);
  });

  it('knows the chain and the token', async () => {
    expect(await node.reader.chainId()).toBe(usdcChainId);
    expect(await readTokenDomain(node.rpc, usdcAsset.contract)).toMatchObject({
      name: 'USDC',
      version: '2',
      decimals: 6,
      domainSeparator: '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818',
    });
    const check = (overrides: object) => checkToken(node.rpc, { ...usdcAsset, ...overrides }, usdcChainId);
    expect(await check({})).toEqual({ kind: 'ok' });
    expect(await check({ decimals: 18 })).toMatchObject({ field: 'decimals', expected: '18', received: '6' });
    expect(await check({ eip712: { name: 'USD Coin', version: '2' } })).toMatchObject({ field: 'eip712' });
    expect(await checkToken(node.rpc, usdcAsset, 8453)).toMatchObject({ field: 'eip712' });
    expect(await check({ symbol: 'USDT' })).toMatchObject({ field: 'symbol', expected: 'USDT', received: 'USDC' });
    expect(await check({ contract: walletOf(9) })).toMatchObject({ field: 'code', received: 'none' });
  });

  it('sees a reorg as other hashes at the same heights, and no transfer', async () => {
    const before = await node.headNumber();
    await settle(walletOf(9));
    await node.chain.mine(2);
    const query = { fromNumber: before + 1n, toNumber: before + 3n, contracts, wallets: [walletOf(9)] };
    const old = await node.reader.transfers(query);
    expect(old.transfers).toHaveLength(1);

    await node.chain.reorg(3);
    const next = await node.reader.transfers(query);
    expect(next.transfers).toEqual([]);
    expect(next.end.number).toBe(old.end.number);
    expect(next.end.hash).not.toBe(old.end.hash);
    const orphan = node.reader.balanceAt(usdcAsset.contract, walletOf(9), old.end.hash);
    await expect(orphan).rejects.toThrow(ChainUnavailable);
    expect(await node.reader.headers([before, before + 3n, before + 4n])).toMatchObject([
      { number: before },
      { hash: next.end.hash },
      null,
    ]);
  });
});
