import { fromComparedRecord, intentIdOfInvoice, invoiceIdBytes, toComparedRecord, uuidV7 } from '@tollbook/domain';
import { testCrypto } from '@tollbook/testing';
import { compareRefused, issueOffer, type Purchase, type RefusalSample } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { codeOf } from '../test/outcomes.js';
import { only, type PaymentWorld, type PurchaseChanges } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { paymentOf } from '../test/world-view.js';

const { open } = useWorlds();
const crypto = testCrypto('compare');

async function faultsOf(world: PaymentWorld, purchase: Purchase): Promise<readonly string[]> {
  const { lines } = await compareRefused(world.gate.deps, purchase);
  return lines.filter(({ differs }) => differs).map(({ field }) => field);
}

describe('a refused payment beside its offer', () => {
  it.each<[string, PurchaseChanges, readonly string[]]>([
    ['nothing', {}, []],
    ['another recipient', { presented: { authorization: { to: addressOf('thief') } } }, ['recipient']],
    ['another amount', { presented: { authorization: { valueAtomic: 1n } } }, ['amount']],
    ['a window that is over', { presented: { authorization: { validBeforeUnixSeconds: 1n } } }, ['validBefore']],
    ['a stranger’s signature', { presented: { signature: '0xbad' } }, ['signer']],
  ])('differs in %s', async (_what, changes, fields) => {
    const world = await open();
    expect(await faultsOf(world, world.purchase(changes))).toEqual(fields);
  });

  it('is held against the terms of its own offer, and names the payment that this would be', async () => {
    const world = await open();
    const offer = world.offer();
    const purchase = world.purchase({ offer, presented: { authorization: { valueAtomic: 1n } } });
    const { lines, intentId } = await compareRefused(world.gate.deps, purchase);
    expect(lines.find(({ field }) => field === 'amount')?.expected).toContain('(10000)');
    const bytes = invoiceIdBytes(offer.invoiceId) ?? new Uint8Array();
    expect(intentId).toBe(intentIdOfInvoice(bytes, crypto.sha256));
  });

  it('that is over is held against what a fresh offer would ask, and still names its payment', async () => {
    const world = await open();
    const issuedAt = Math.floor(Date.now() / 1000) - 430;
    const tag = world.purchase().resourceTag;
    const offer = issueOffer(world.terms, tag, issuedAt, world.parts.sealKey, crypto);
    const purchase = world.purchase({ offer });
    expect(codeOf(await world.take(purchase))).toBe('offer_expired');
    const { lines, intentId } = await compareRefused(world.gate.deps, purchase);
    expect(lines.map(({ field }) => field)).toContain('amount');
    expect(intentId).not.toBeNull();
    const forged = { ...purchase, presented: { ...purchase.presented, invoiceId: `inv_${'a'.repeat(80)}` } };
    expect((await compareRefused(world.gate.deps, forged)).intentId).toBeNull();
  });

  it('asks the database nothing where the offer’s terms are in memory', async () => {
    const world = await open();
    const purchase = world.purchase({ presented: { authorization: { valueAtomic: 1n } } });
    const termsOf = () => Promise.reject(new Error('asked'));
    await expect(compareRefused({ ...world.gate.deps, termsOf }, purchase)).resolves.toBeDefined();
  });
});

it('an attempt that the verifier refused keeps both sides, and what the node said', async () => {
  const world = await open();
  world.parts.verifier.verdicts.push({ kind: 'refused', reason: 'insufficient_funds', rawReason: 'balance 3' });
  const purchase = world.purchase();
  expect(codeOf(await world.take(purchase))).toBe('insufficient_funds');
  const attempt = only((await paymentOf(world)).attempts);
  expect(attempt.rawReason).toBe('balance 3');
  const lines = fromComparedRecord(attempt.evidence?.compared);
  expect(lines.map(({ field }) => field)).toEqual(expect.arrayContaining(['recipient', 'amount', 'signer']));
  expect(lines.every(({ differs }) => !differs)).toBe(true);
  expect(lines.find(({ field }) => field === 'signer')?.received).toBe(purchase.presented.authorization.from);
});

it('samples are found by payer, payment, endpoint, reason, client and day, newest first, in their own book', async () => {
  const world = await open();
  const { bookId } = world.book;
  const { endpointId } = world.endpoint;
  const purchase = world.purchase({ presented: { authorization: { valueAtomic: 1n } } });
  const { lines, intentId } = await compareRefused(world.gate.deps, purchase);
  const payer = purchase.presented.authorization.from;
  const atMs = Date.now();
  const sample: RefusalSample = {
    endpointId,
    reason: 'amount_mismatch',
    client: 'node',
    x402Version: 2,
    payer,
    intentId,
    evidence: { compared: toComparedRecord(lines), agent: 'undici' },
    atMs,
  };
  const unreadable: RefusalSample = {
    ...sample,
    reason: 'payment_malformed',
    client: 'curl',
    x402Version: 0,
    payer: null,
    intentId: null,
    evidence: { detail: 'X-PAYMENT cannot be read: not a JSON object.' },
    atMs: atMs + 1,
  };
  await world.db.offerCounts.save(bookId, atMs, [], [sample, unreadable]);
  const all = { payer: null, intentId: null, endpointId: null, reason: null, client: null, made: null };
  const find = (filter: Partial<typeof all> | object, after: string | null = null, book = bookId) =>
    world.db.queries.listRefusals(book, { ...all, ...filter }, after, 10);

  const found = await find({});
  expect(found).toMatchObject([
    { reason: 'payment_malformed', payer: null, x402Version: 0, compared: [], detail: expect.stringMatching(/JSON/) },
    { reason: 'amount_mismatch', payer, intentId, compared: lines, agent: 'undici', detail: null, atMs },
  ]);
  const [, mine] = found;
  const hits = [{ payer }, { intentId }, { reason: 'amount_mismatch' }, { client: 'node' }];
  for (const filter of hits) expect(await find(filter), JSON.stringify(filter)).toEqual([mine]);
  expect(await find({ endpointId })).toHaveLength(2);
  expect(await find({ endpointId: uuidV7(atMs, new Uint8Array(10)) })).toEqual([]);
  expect(await find({ made: { fromMs: atMs - 1_000, toMs: atMs + 1_000 } })).toHaveLength(2);
  expect(await find({ made: { fromMs: atMs - 2_000, toMs: atMs - 1_000 } })).toEqual([]);
  expect(await find({}, found[0]?.refusalId)).toEqual([mine]);
  expect(await find({}, null, bookId + 1)).toEqual([]);
});
