import { placeDevAccount, sendTokens } from '@tollbook/sandbox';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { encodeFunctionData, hashMessage, parseAbi } from 'viem/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from './api-client.js';
import { send, signedHeader } from './buyer.js';
import { install } from './install.js';
import { answered, type Process, startWorld, type World } from './world.js';

const network = 'eip155:84532';
const price = 10_000n;
const transferAbi = parseAbi(['function transfer(address to, uint256 amount) returns (bool)']);

let world: World;
/** Two processes: one that holds requests, one that answers at once. */
let patient: Process;
let brisk: Process;
let client: ReturnType<typeof apiClient>;

beforeAll(async () => {
  world = await startWorld();
  const { key } = await install(world);
  const shared = { TOLLBOOK_PUBLIC_URL: 'http://pay.test' };
  [patient, brisk] = await Promise.all([
    world.startApi({ ...shared, TOLLBOOK_TRANSFER_WAIT_SECONDS: '30' }),
    world.startApi({ ...shared, TOLLBOOK_TRANSFER_WAIT_SECONDS: '0' }),
  ]);
  await world.startWorker();
  client = apiClient(patient.url, key);
});
afterAll(() => world?.stop());

const weather = (api: Process) => `${api.url}/g/demo/weather`;
const buyer = () => privateKeyToAccount(world.sandbox.info.buyer.evmPrivateKey);

async function freshInvoice(): Promise<string> {
  return String((await served({})).header('x402-invoice-id'));
}

/** What the buyer's wallet sends; a till other than the merchant's where a test says so. */
function transfer(amountAtomic = price, to = world.sandbox.info.merchant.evmAddress): Promise<`0x${string}`> {
  const { info } = world.sandbox;
  return sendTokens(info, { privateKey: info.buyer.evmPrivateKey, to, amountAtomic });
}

function textOf(invoiceId: string, txHash: string): string {
  return ['Tollbook payment proof', 'pay.test', invoiceId, network, txHash].join('\n');
}

const base64 = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64');

async function proofHeaders(invoiceId: string, txHash: string, by = buyer()): Promise<Record<string, string>> {
  const signature = await by.signMessage({ message: textOf(invoiceId, txHash) });
  return { ...shown(invoiceId, txHash), 'x402-payment-proof': base64({ address: by.address, signature }) };
}

const shown = (invoiceId: string, txHash: string) => ({ 'x402-invoice-id': invoiceId, 'x402-payment-tx': txHash });

/** Asks until the transfer is deep enough. */
const served = (headers: Record<string, string>, api = brisk, query = '') =>
  answered(world, () => send(`${weather(api)}${query}`, headers), ['transfer_pending']);

/** The answer to what is not deep enough. */
const pendingOf = (headers: Record<string, string>) => answered(world, () => send(weather(brisk), headers));

describe('a plain transfer that is shown at the gate', () => {
  it('is held, seen and served in one request, and the same again on the other process', async () => {
    const invoiceId = await freshInvoice();
    const txHash = await transfer();
    const headers = await proofHeaders(invoiceId, txHash);
    const calls = world.upstream.keys.length;
    const answer = await served(headers, patient);
    expect([answer.status, JSON.parse(answer.body).sky]).toEqual([200, 'clear']);
    expect(answer.receipt).toMatchObject({ success: true, transaction: txHash, network });
    expect(answer.header('tollbook-invoice')).toBe(invoiceId);
    expect(answer.header('vary')).toContain('X402-Payment-Tx');
    for (const again of [headers, shown(invoiceId, txHash), { 'x402-invoice-id': invoiceId }]) {
      const replayed = await served(again);
      expect([replayed.status, replayed.header('tollbook-replayed')]).toEqual([200, 'true']);
    }
    expect(world.upstream.keys.length).toBe(calls + 1);
    const { data } = (await client.get('/v1/payments')).body;
    expect(data[0]).toMatchObject({ invoiceId, txHash, status: expect.stringMatching(/confirmed|final/) });
  });

  it('is told to come back while it is not seen, with where to look, and never to pay anew', async () => {
    const invoiceId = await freshInvoice();
    const headers = await proofHeaders(invoiceId, `0x${'ab'.repeat(32)}`);
    const answer = await pendingOf(headers);
    expect([answer.status, answer.code, answer.header('retry-after')]).toEqual([503, 'transfer_pending', '5']);
    expect(answer.header('payment-required')).toBeNull();
    expect(JSON.parse(answer.body)).toMatchObject({ statusUrl: `http://pay.test/pay/${invoiceId}` });
  });

  it('of a stranger buys nothing: the text to sign is told, and another wallet’s signature is not taken (A36)', async () => {
    const txHash = await transfer();
    const invoiceId = await freshInvoice();
    const refused = await served(shown(invoiceId, txHash));
    expect([refused.status, refused.code]).toEqual([403, 'transfer_proof_required']);
    expect(JSON.parse(refused.body).toSign).toEqual([{ network, text: textOf(invoiceId, txHash) }]);
    expect(refused.header('payment-required')).toBeNull();
    const thief = privateKeyToAccount(generatePrivateKey());
    for (const headers of [
      await proofHeaders(invoiceId, txHash, thief),
      { ...(await proofHeaders(await freshInvoice(), txHash)), 'x402-invoice-id': invoiceId },
    ]) {
      const answer = await served(headers);
      expect([answer.status, answer.code]).toEqual([403, 'transfer_proof_required']);
    }
  });

  it('that paid something is taken for nothing else, with its payer’s own proof (A36)', async () => {
    const paid = await served(await signedHeader(world, weather(brisk)));
    const settled = paid.receipt?.transaction ?? '';
    const bought = await freshInvoice();
    const txHash = await transfer();
    expect((await served(await proofHeaders(bought, txHash))).status).toBe(200);
    for (const hash of [settled, txHash]) {
      const invoiceId = await freshInvoice();
      const answer = await served(await proofHeaders(invoiceId, hash));
      expect([answer.status, answer.code]).toEqual([409, 'payment_used_elsewhere']);
    }
  });

  it('that is short, goes elsewhere, is reverted or is of another token is told so (A14, A16)', async () => {
    const { info } = world.sandbox;
    const outcome = async (txHash: string) => {
      const answer = await served(await proofHeaders(await freshInvoice(), txHash));
      return { status: answer.status, ...JSON.parse(answer.body) };
    };
    expect(await outcome(await transfer(price - 1_000n))).toMatchObject({
      status: 409,
      code: 'transfer_short',
      missing: { amount: '0.001', asset: 'USDC' },
    });
    const elsewhere = await transfer(price, buyer().address);
    expect(await outcome(elsewhere)).toMatchObject({ status: 402, code: 'transfer_not_acceptable' });
    const reverted = await transfer(10n ** 30n);
    expect(await outcome(reverted)).toMatchObject({
      code: 'transfer_not_acceptable',
      detail: expect.stringContaining('reverted'),
    });
    // Code that is the token's, at an address that is not.
    const code = await rpc('eth_getCode', [info.evm.usdc, 'latest']);
    const fake = `0x${'fa'.repeat(20)}`;
    await rpc('anvil_setCode', [fake, code]);
    const data = transferData(info.merchant.evmAddress, 0n);
    const spoofed = await sendFrom(buyer().address, { to: fake, data });
    expect(await outcome(spoofed)).toMatchObject({ status: 402, code: 'transfer_not_acceptable' });
  });

  it('of a smart account is proved by the account’s own word', async () => {
    const { info } = world.sandbox;
    const owner = privateKeyToAccount(generatePrivateKey());
    const account = await placeDevAccount({ rpc }, owner.address);
    await transfer(price, account);
    const txHash = await sendFrom(account, {
      to: info.evm.usdc,
      data: transferData(info.merchant.evmAddress, price),
    });
    const invoiceId = await freshInvoice();
    const signature = await owner.sign({ hash: hashMessage(textOf(invoiceId, txHash)) });
    const proof = base64({ address: account, signature });
    expect((await served({ ...shown(invoiceId, txHash), 'x402-payment-proof': proof })).status).toBe(200);
  });

  it('is refused as malformed where its headers cannot be read, with a fresh offer', async () => {
    const invoiceId = await freshInvoice();
    const txHash = `0x${'ab'.repeat(32)}`;
    const signed = await signedHeader(world, weather(brisk));
    for (const headers of [
      { 'x402-payment-tx': txHash },
      { ...shown(invoiceId, txHash.slice(2)) },
      { ...shown(invoiceId.toUpperCase(), txHash) },
      { ...shown(invoiceId, txHash), 'x402-payment-proof': 'no base64' },
      { 'x402-payment-proof': base64({}) },
      { ...signed, 'x402-payment-tx': txHash },
    ]) {
      const answer = await served(headers);
      expect([answer.status, answer.code]).toEqual([400, 'payment_malformed']);
      expect(answer.header('payment-required')).not.toBeNull();
    }
    const forged = invoiceId.slice(0, -1) + (invoiceId.endsWith('a') ? 'b' : 'a');
    expect((await served({ 'x402-invoice-id': forged })).code).toBe('invoice_unknown');
    expect((await served({ 'x402-invoice-id': invoiceId })).code).toBe('payment_required');
  });
});

describe('an invoice that was opened for a wallet', () => {
  async function opened(): Promise<{ invoiceId: string; amountAtomic: bigint }> {
    const invoiceId = await freshInvoice();
    const answer = await fetch(`${brisk.url}/pay/${invoiceId}/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ network }),
    });
    const { transfer: asked } = (await answer.json()) as { transfer: { amountAtomic: string } };
    return { invoiceId, amountAtomic: BigInt(asked.amountAtomic) };
  }

  it('is fetched by its id alone, once for its request, after its amount has paid it', async () => {
    const { invoiceId, amountAtomic } = await opened();
    const alone = { 'x402-invoice-id': invoiceId };
    const early = await pendingOf(alone);
    expect([early.status, early.code]).toEqual([503, 'transfer_pending']);
    await transfer(amountAtomic);
    const calls = world.upstream.keys.length;
    const answers = await Promise.all([patient, patient, patient].map((api) => served(alone, api)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const other = await served(alone, brisk, '?city=oslo');
    expect([other.status, other.code]).toEqual([402, 'offer_already_used']);
    expect(world.upstream.keys.length).toBe(calls + 1);
  });

  it('gets nothing of the price that another pays, who is served for it (A36)', async () => {
    const thief = await opened();
    expect(thief.amountAtomic).toBeLessThan(price);
    const mine = await freshInvoice();
    const txHash = await transfer(price);
    expect((await served(await proofHeaders(mine, txHash))).status).toBe(200);
    const alone = await pendingOf({ 'x402-invoice-id': thief.invoiceId });
    expect([alone.status, alone.code]).toEqual([503, 'transfer_pending']);
    const hash = await pendingOf(shown(thief.invoiceId, txHash));
    expect([hash.status, hash.code]).toEqual([409, 'payment_used_elsewhere']);
  });

  it('needs no proof of a hash whose amount names it', async () => {
    const { invoiceId, amountAtomic } = await opened();
    const txHash = await transfer(amountAtomic);
    expect((await served(shown(invoiceId, txHash))).status).toBe(200);
  });
});

describe('a stored intent’s own URL', () => {
  it('takes a transfer as well, and answers with the receipt', async () => {
    const made = await client.post('/v1/payment-intents', { amount: '0.02' });
    const invoiceId = String(made.body.paymentUrl).split('/pay/')[1] ?? '';
    const url = `${patient.url}/pay/${invoiceId}/x402`;
    const txHash = await transfer(20_000n);
    const { 'x402-invoice-id': _named, ...headers } = await proofHeaders(invoiceId, txHash);
    const answer = await answered(world, () => send(url, headers), ['transfer_pending']);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { invoiceId, status: 'paid' }]);
    expect(answer.receipt).toMatchObject({ success: true, transaction: txHash });
    expect((await send(url)).status).toBe(200);
    const otherId = await freshInvoice();
    const other = await send(url, { ...headers, 'x402-invoice-id': otherId });
    expect([other.status, other.code]).toEqual([402, 'invoice_unknown']);
  });
});

function transferData(to: `0x${string}`, amountAtomic: bigint): string {
  return encodeFunctionData({ abi: transferAbi, functionName: 'transfer', args: [to, amountAtomic] });
}

/** A transaction of any address: the chain lets a test speak for all of them. */
async function sendFrom(from: string, tx: { readonly to: string; readonly data: string }): Promise<string> {
  await rpc('anvil_setBalance', [from, '0xde0b6b3a7640000']);
  await rpc('anvil_impersonateAccount', [from]);
  return String(await rpc('eth_sendTransaction', [{ from, gas: '0x30d40', ...tx }]));
}

async function rpc(method: string, params: readonly unknown[] = []): Promise<unknown> {
  const answer = await fetch(world.sandbox.info.evm.rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}
