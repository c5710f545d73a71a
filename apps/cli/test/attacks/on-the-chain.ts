import { randomBytes } from 'node:crypto';
import { broadcastAuthorization, devUsdAbi, newBuyer, sendTokens, usdcDomain } from '@tollbook/sandbox';
import { encodeFunctionData, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { send } from '../buyer.js';
import { invoiceBytes } from '../proofs.js';
import { eventually } from '../world.js';
import { signedIn, type TwoGates, told } from './two-gates.js';

const transferTopic = 'ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const gas = 200_000n;
const fees = { type: 'eip1559', maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 9n, chainId: 84532 } as const;

/** What anybody can do on the chain beside a payment, before it and under its feet. */
export function attacksOnTheChain(gates: () => TwoGates): void {
  /** Sends a chain tx from a wallet, which is given gas for it. */
  const sendTx = async (privateKey: Hex, to: Hex, data: Hex): Promise<string> => {
    const { rpc } = gates();
    const sender = privateKeyToAccount(privateKey);
    await rpc('anvil_setBalance', [sender.address, '0xde0b6b3a7640000']);
    const nonce = Number(await rpc('eth_getTransactionCount', [sender.address, 'pending']));
    return String(
      await rpc('eth_sendRawTransaction', [await sender.signTransaction({ ...fees, gas, nonce, to, data })]),
    );
  };
  const mined = (hash: string) =>
    eventually('it is mined', async () => {
      const receipt = (await gates().rpc('eth_getTransactionReceipt', [hash])) as { status: string } | null;
      return receipt;
    });
  const head = async () => Number(await gates().rpc('eth_blockNumber', []));
  /** Two of them are as far apart as a block takes, which is when the verifier is asked again. */
  const blocksPass = async (count: number) => {
    const until = (await head()) + count;
    await eventually('blocks pass', async () => (await head()) >= until);
  };
  const attemptsOf = async (payer: string) =>
    gates().world.rows<{ status: string; reason: string | null; sent_at: Date | null; served_at: Date | null }>(
      'select status, reason, sent_at, served_at from attempts where payer = $1 order by created_at',
      [Buffer.from(payer.slice(2), 'hex')],
    );
  const statusOf = async (invoiceId: string) => {
    const text = 'select status from payment_intents where invoice_id = $1';
    const [row] = await gates().world.rows<{ status: string }>(text, [invoiceBytes(invoiceId)]);
    return row?.status;
  };
  const token = () => gates().world.sandbox.info.evm.usdc;

  describe('whoever moves the money away', () => {
    const cases: [string, (payer: { address: Hex; privateKey: Hex }, nonce: Hex) => Promise<string>][] = [
      [
        'by spending it',
        ({ privateKey }) =>
          sendTokens(gates().world.sandbox.info, { privateKey, to: newBuyer().address, amountAtomic: 1_000_000n }),
      ],
      ['by canceling the authorization', (payer, nonce) => cancel(payer, nonce)],
    ];
    it.each(cases)('%s before paying gets nothing, and costs nothing (A05, A21)', async (_how, moveAway) => {
      const { world, url, pay, buyer, sell } = gates();
      await sell(`/first-${cases.length}-${_how.length}`, { settleMode: 'before' });
      const path = `/first-${cases.length}-${_how.length}`;
      const wallet = await buyer();
      const { header } = await pay(url(0, path), { privateKey: wallet.privateKey });
      await mined(await moveAway(wallet, signedIn(header).authorization.nonce as Hex));
      const calls = world.upstream.keys.length;
      const answer = await send(url(1, path), header);
      expect(answer.status).toBe(402);
      expect(world.upstream.keys.length).toBe(calls);
      expect((await attemptsOf(wallet.address)).every(({ sent_at }) => sent_at === null)).toBe(true);
    });

    it.each(cases)('%s while the upstream works gets nothing of it (A05, A21)', async (_how, moveAway) => {
      const { world, url, pay, buyer } = gates();
      const wallet = await buyer();
      const { header } = await pay(url(0), { privateKey: wallet.privateKey });
      const { nonce } = signedIn(header).authorization;
      world.upstream.answerWith(async (_request, response) => {
        await mined(await moveAway(wallet, nonce as Hex));
        await blocksPass(2);
        response.end('worked for nothing');
      });
      const answer = await send(url(0), header);
      world.upstream.answerAsBefore();
      expect(answer.status).toBe(402);
      expect(answer.body).not.toContain('for nothing');
      expect(await attemptsOf(wallet.address)).toMatchObject([{ status: 'failed', sent_at: null, served_at: null }]);
    });
  });

  /** Makes an authorization worthless, as its payer may at any time. */
  async function cancel({ address, privateKey }: { address: Hex; privateKey: Hex }, nonce: Hex): Promise<string> {
    const signature = await privateKeyToAccount(privateKey).signTypedData({
      domain: usdcDomain(84532),
      types: {
        CancelAuthorization: [
          { name: 'authorizer', type: 'address' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'CancelAuthorization',
      message: { authorizer: address, nonce },
    });
    const args = [address, nonce, signature] as const;
    const data = encodeFunctionData({ abi: devUsdAbi, functionName: 'cancelAuthorization', args });
    return sendTx(newBuyer().privateKey, token(), data);
  }

  it('an authorization that somebody else broadcast meanwhile is served, and paid once (A20)', async () => {
    const { world, url, pay, buyer } = gates();
    const wallet = await buyer();
    const { header, invoiceId } = await pay(url(0), { privateKey: wallet.privateKey });
    world.upstream.answerWith(async (_request, response) => {
      await mined(await broadcastAuthorization(world.sandbox.info.evm.rpcUrl, signedIn(header)));
      response.end('served');
    });
    const calls = world.upstream.keys.length;
    const first = await send(url(0), header);
    expect(first.header('payment-required')).toBeNull();
    const served = await eventually('the same payload is served', async () => {
      const answer = await send(url(1), header);
      expect(answer.header('payment-required')).toBeNull();
      return answer.status === 200 && answer;
    });
    world.upstream.answerAsBefore();
    expect(served.body).toBe('served');
    expect(world.upstream.keys.length).toBe(calls + 1);
    await eventually('it is final', async () => (await statusOf(invoiceId)) === 'final');
  });

  it('an authorization that was used before it came proves nothing of who shows it (A20)', async () => {
    const { world, url, pay, buyer } = gates();
    const wallet = await buyer();
    const { header } = await pay(url(0), { privateKey: wallet.privateKey });
    await mined(await broadcastAuthorization(world.sandbox.info.evm.rpcUrl, signedIn(header)));
    const calls = world.upstream.keys.length;
    const answer = await send(url(1), header);
    expect(told(answer)).toEqual([403, 'transfer_proof_required']);
    expect(answer.header('payment-required')).toBeNull();
    expect(world.upstream.keys.length).toBe(calls);
  });

  it('a frozen payer or a frozen wallet of ours is refused before anything runs, and free when it thaws (A38)', async () => {
    const { world, url, pay, buyer } = gates();
    const { merchant, faucet } = world.sandbox.info;
    const wallet = await buyer();
    for (const frozen of [wallet.address, merchant.evmAddress]) {
      const { header, invoiceId } = await pay(url(0), { privateKey: wallet.privateKey });
      const turn = async (functionName: 'blacklist' | 'unBlacklist') => {
        const data = encodeFunctionData({ abi: devUsdAbi, functionName, args: [frozen] });
        expect(await mined(await sendTx(faucet.evmPrivateKey, token(), data))).toMatchObject({ status: '0x1' });
      };
      await turn('blacklist');
      const calls = world.upstream.keys.length;
      expect(told(await send(url(0), header))).toEqual([402, 'verification_refused']);
      expect(world.upstream.keys.length).toBe(calls);
      await turn('unBlacklist');
      expect((await send(url(1), header)).status).toBe(200);
      await eventually('it is confirmed', async () =>
        ['confirmed', 'final'].includes((await statusOf(invoiceId)) ?? ''),
      );
    }
  });

  it('what only looks like money is none: other tokens, nothing at all, and our own (A14, A15)', async () => {
    const { world, url, pay, rpc, paid } = gates();
    const { merchant, buyer } = world.sandbox.info;
    const fake = `0x${randomBytes(20).toString('hex')}` as const;
    await rpc('anvil_setCode', [fake, `0x6040356000526020356000357f${transferTopic}60206000a300`]);
    const word = (hex: string) => hex.replace('0x', '').padStart(64, '0');
    const spoof = (amount: bigint): Hex =>
      `0x${word(buyer.evmAddress)}${word(merchant.evmAddress)}${word(amount.toString(16))}`;
    const stranger = newBuyer();
    const hashes: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      hashes.push(await sendTx(stranger.privateKey, fake, spoof(10_000n)));
      hashes.push(await sendTokens(world.sandbox.info, { ...stranger, to: merchant.evmAddress, amountAtomic: 0n }));
    }
    const self = { privateKey: merchant.evmPrivateKey, to: merchant.evmAddress, amountAtomic: 1n };
    hashes.push(await sendTokens(world.sandbox.info, self));
    for (const hash of hashes) expect(await mined(hash)).toMatchObject({ status: '0x1' });
    const [spoofed] = (await rpc('eth_getLogs', [{ address: fake, fromBlock: '0x0' }])) as { topics: string[] }[];
    expect(spoofed?.topics).toEqual(
      [`0x${transferTopic}`, `0x${word(buyer.evmAddress)}`, `0x${word(merchant.evmAddress)}`].map((each) =>
        each.toLowerCase(),
      ),
    );
    const { header, invoiceId } = await pay(url(0));
    expect((await send(url(1), header)).status).toBe(200);
    await eventually('the payment after it is confirmed', async () => {
      const status = await statusOf(invoiceId);
      return status === 'confirmed' || status === 'final';
    });
    const booked = await world.rows<{ tx_hash: string }>(
      `select encode(t.tx_hash, 'hex') as tx_hash from transfers t join allocations a using (book_id, transfer_id)
       where a.bucket <> 'self'`,
    );
    for (const hash of hashes) expect(booked.map(({ tx_hash }) => `0x${tx_hash}`)).not.toContain(hash);
    paid.push(invoiceId);
  });
}
