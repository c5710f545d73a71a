import { intentIdOfInvoice, proofText, toAllowedPayers } from '@tollbook/domain';
import { testAsset, testCrypto } from '@tollbook/testing';
import {
  type IssuedOffer,
  openInvoice,
  type PurchaseOutcome,
  resolveUnknown,
  type ShownPurchase,
  showTransfer,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { bodyOf, codeOf } from '../test/outcomes.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { answered } from '../test/scripted-upstream.js';
import { useWorlds } from '../test/use-worlds.js';
import { type Gate, signatureOf } from '../test/world-parts.js';
import { priceAtomic, tillAddress } from '../test/world-shop.js';
import { attempts, discrepancies, ledger, paymentOf, payments, story } from '../test/world-view.js';

const { open } = useWorlds();
const ann = addressOf('ann');
const thief = addressOf('thief');
/** What the first invoice that is opened is asked for. */
const promisedAtomic = priceAtomic - 1n;

type Showing = {
  readonly offer: IssuedOffer;
  /** The transaction's name; null shows the invoice alone. */
  readonly tx: string | null;
  /** Who signs the proof; nobody when left out. */
  readonly by?: string;
  readonly proofOf?: Partial<{ invoiceId: string; network: string; host: string; txHash: string }>;
  readonly query?: string;
  readonly signal?: AbortSignal;
};

/** What a buyer shows, in a request like that of its other purchases. */
function showing(world: PaymentWorld, { offer, tx, by, proofOf, query, signal }: Showing): ShownPurchase {
  const request = world.purchase({ offer, ...(query && { query }), ...(signal && { signal }) });
  const { presented: _presented, payload: _payload, isResourceUrlEqual: _url, ...rest } = request;
  const { invoiceId } = offer;
  const txHash = tx === null ? null : txOf(tx).txHash;
  const subject = { host: 'pay.test', invoiceId, network: world.chain.network, txHash: txHash ?? '', ...proofOf };
  const proof = by === undefined ? null : { address: by, signature: signatureOf(by, proofText(subject)) };
  return { ...rest, invoiceId, txHash, proof };
}

async function show(world: PaymentWorld, what: Showing, gate: Gate = world.gate): Promise<PurchaseOutcome> {
  const outcome = await showTransfer(gate.deps, showing(world, what));
  if (outcome.kind === 'served') await outcome.afterAnswer(true);
  return outcome;
}

const send = (world: PaymentWorld, name: string, amountAtomic = priceAtomic, from = ann, to = tillAddress) =>
  world.chain.submit(txOf(name, transferAction(from, to, amountAtomic)));

async function opened(world: PaymentWorld): Promise<IssuedOffer> {
  const offer = world.offer();
  const { terms, invoiceBytes, expiresAtUnixSeconds } = offer;
  const [entry] = terms.networks;
  if (!entry) throw new Error('the offer names no network');
  const deps = {
    intents: world.db.intents,
    catalog: world.parts.catalog,
    formatAddress: (_: string, text: string) => text,
  };
  const result = await openInvoice(
    { ...deps, crypto: testCrypto(`open ${offer.invoiceId}`) },
    {
      bookId: world.book.bookId,
      mode: 'test',
      invoiceId: invoiceBytes,
      isStored: false,
      isInForce: true,
      termsNumber: terms.number,
      endpointId: terms.endpointId,
      priceVersionId: terms.priceVersionId,
      network: entry.network,
      assetId: testAsset.assetId,
      walletId: entry.walletId,
      amountAtomic: entry.amountAtomic,
      expiresAtMs: expiresAtUnixSeconds * 1000,
    },
  );
  expect(result).toEqual({ kind: 'opened' });
  return offer;
}

/** A second gate over the same tables, as another api process. */
const other = (world: PaymentWorld) => world.openGate();

describe('a transfer that its sender proves', () => {
  it('is taken once it is seen, and serves once it is deep enough, once', async () => {
    const world = await open();
    const offer = world.offer();
    const tx = { offer, tx: 'pays', by: ann };
    expect(codeOf(await show(world, tx))).toBe('transfer_pending');
    send(world, 'pays');
    expect(codeOf(await show(world, tx))).toBe('transfer_pending');
    world.chain.mine();
    await world.scan();
    expect(codeOf(await show(world, tx))).toBe('transfer_pending');
    const taken = await paymentOf(world);
    expect([taken.intent.status, attempts(taken), taken.intent.payer]).toEqual(['processing', ['submitted'], ann]);
    expect(world.upstream.calls).toEqual([]);
    await world.mine(3);
    expect(await show(world, tx)).toMatchObject({
      kind: 'served',
      isReplay: false,
      receipt: { isSuccess: true, txHash: txOf('pays').txHash, payer: ann },
    });
    expect(await show(world, tx)).toMatchObject({ kind: 'served', isReplay: true });
    // The invoice id is the buyer's secret: it reads the answer again without a proof, and alone.
    expect(await show(world, { offer, tx: 'pays' })).toMatchObject({ kind: 'served', isReplay: true });
    expect(await show(world, { offer, tx: null })).toMatchObject({ kind: 'served', isReplay: true });
    expect(world.upstream.calls).toHaveLength(1);
    await world.finalize();
    const paid = await paymentOf(world);
    expect(story(paid)).toEqual(['processing', 'confirmed', 'final']);
    expect([attempts(paid), paid.intent.invoiceNo, paid.attempts[0]?.kind]).toEqual([['final'], 1, 'transfer']);
    expect(await ledger(world)).toEqual([
      'payment_confirmed wallet pending 10000',
      'payment_final pending income 10000',
    ]);
    expect(await discrepancies(world)).toEqual([]);
  });

  it('is taken of nobody who is not on the merchant’s list, or is blocked', async () => {
    const world = await open();
    const offer = world.offer();
    const shown = showing(world, { offer, tx: 'pays', by: ann });
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    const { book } = shown;
    const onList = (payer: string) => toAllowedPayers([{ endpointId: null, payer }]);
    const block = { subjectKind: 'payer', subject: ann, endpointId: null, expiresAtMs: null } as const;
    const overrides = new Map([[ann, [{ ...block, decision: { action: 'block' } as const }]]]);
    const codes = [];
    for (const refusing of [{ allowedPayers: onList(thief) }, { overrides }]) {
      codes.push(codeOf(await showTransfer(world.gate.deps, { ...shown, book: { ...book, ...refusing } })));
    }
    expect(codes).toEqual(['payer_not_allowed', 'payer_blocked']);
    expect(await payments(world)).toEqual([]);
    const listed = { ...shown, book: { ...book, allowedPayers: onList(ann) } };
    expect(codeOf(await showTransfer(world.gate.deps, listed))).toBe('transfer_pending');
    expect(attempts(await paymentOf(world))).toEqual(['submitted']);
  });

  it('is taken when it was booked as nobody’s before it was shown', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays');
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['unmatched']);
    expect(codeOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('transfer_pending');
    await world.reconcile();
    expect(bodyOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('sunny');
    expect((await paymentOf(world)).intent.status).toBe('final');
    expect(await discrepancies(world)).toEqual(['unmatched: matched']);
  });

  it('pays more than the price with what is over on record', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays', priceAtomic + 5n);
    await world.finalize();
    await show(world, { offer, tx: 'pays', by: ann });
    await world.reconcile();
    expect(bodyOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['over', 'unmatched: matched']);
  });

  it('is held until it is deep enough, and served within that same request', async () => {
    const world = await open();
    const gate = withWait(world.gate, 20_000);
    const offer = world.offer();
    const answer = show(world, { offer, tx: 'pays', by: ann }, gate);
    await expect.poll(() => gate.deps.shown.waits.size).toBe(1);
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    await expect.poll(async () => (await payments(world)).length).toBe(1);
    await world.mine(3);
    expect(bodyOf(await answer)).toBe('sunny');
    expect(gate.deps.shown.waits.size).toBe(0);
  });

  it('frees its place when its buyer leaves', async () => {
    const world = await open();
    const gate = withWait(world.gate, 20_000);
    const leaving = new AbortController();
    const answer = show(world, { offer: world.offer(), tx: 'never', by: ann, signal: leaving.signal }, gate);
    await expect.poll(() => gate.deps.shown.waits.size).toBe(1);
    leaving.abort();
    expect(codeOf(await answer)).toBe('buyer_gone');
    expect(gate.deps.shown.waits.size).toBe(0);
  });

  it('holds eight requests of one invoice, and asks the next to come back at once', async () => {
    const world = await open();
    const gate = withWait(world.gate, 20_000);
    const leaving = new AbortController();
    const offer = world.offer();
    const tx = { offer, tx: 'never', by: ann, signal: leaving.signal };
    const held = Array.from({ length: 8 }, () => show(world, tx, gate));
    await expect.poll(() => gate.deps.shown.waits.size).toBe(8);
    expect(codeOf(await show(world, tx, gate))).toBe('transfer_pending');
    leaving.abort();
    expect((await Promise.all(held)).map(codeOf)).toEqual(held.map(() => 'buyer_gone'));
  });

  it('is taken once by two processes at once, and its work is done once', async () => {
    const world = await open();
    const second = await other(world);
    const offer = world.offer();
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    const tx = { offer, tx: 'pays', by: ann };
    const gates = [world.gate, second];
    const pending = await Promise.all([...gates, ...gates, ...gates].map((gate) => show(world, tx, gate)));
    expect(new Set(pending.map(codeOf))).toEqual(new Set(['transfer_pending']));
    expect(attempts(await paymentOf(world))).toEqual(['submitted']);
    await world.mine(3);
    const waiting = gates.map((gate) => withWait(gate, 20_000));
    const served = await Promise.all([...waiting, ...waiting].map((gate) => show(world, tx, gate)));
    expect(served.map(bodyOf)).toEqual(served.map(() => 'sunny'));
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('is waited for, and then served, where its sender signs as well', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    await show(world, { offer, tx: 'pays', by: ann });
    const signed = world.purchase({ offer, payer: 'ann' });
    expect(codeOf(await world.take(signed))).toBe('transfer_pending');
    expect(world.upstream.calls).toEqual([]);
    await world.mine(3);
    expect(bodyOf(await world.take(signed))).toBe('sunny');
    expect([world.upstream.calls.length, world.parts.settlement.sent.length]).toEqual([1, 0]);
  });

  it('bought one request: another under the same invoice is not served', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays');
    await world.finalize();
    await show(world, { offer, tx: 'pays', by: ann });
    await world.reconcile();
    expect(codeOf(await show(world, { offer, tx: 'pays', by: ann, query: 'city=oslo' }))).toBe('offer_already_used');
    expect(codeOf(await show(world, { offer, tx: null, query: 'city=oslo' }))).toBe('offer_already_used');
    expect(world.upstream.calls).toEqual([]);
    expect(bodyOf(await show(world, { offer, tx: null }))).toBe('sunny');
  });

  it('that its upstream fails stays paid, on record, and is served when it is asked again', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays');
    await world.finalize();
    await show(world, { offer, tx: 'pays', by: ann });
    await world.reconcile();
    world.upstream.next.push(() => answered(500));
    expect(codeOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('paid_not_served');
    expect(await discrepancies(world)).toContain('paid_not_served');
    expect(bodyOf(await show(world, { offer, tx: null }))).toBe('sunny');
    expect(await discrepancies(world)).toContain('paid_not_served: served');
  });

  it('steps back with its block, and comes again with it', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    await show(world, { offer, tx: 'pays', by: ann });
    await world.mine(3);
    const dropped = world.chain.reorg(4);
    world.chain.mine(5);
    await world.index();
    expect(attempts(await paymentOf(world))).toEqual(['submitted']);
    expect(codeOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('transfer_pending');
    expect(world.upstream.calls).toEqual([]);
    world.chain.submit(...dropped);
    await world.finalize();
    expect(bodyOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('sunny');
    expect(story(await paymentOf(world))).toEqual(['processing', 'confirmed', 'reorged', 'confirmed', 'final']);
  });
});

function withWait(gate: Gate, waitMs: number): Gate {
  return { ...gate, deps: { ...gate.deps, shown: { ...gate.deps.shown, waitMs } } };
}

describe('a stolen hash', () => {
  it('shown with an offer of the thief’s own buys nothing: a hash is public (A36)', async () => {
    const world = await open();
    const mine = world.offer();
    const theirs = world.offer();
    send(world, 'pays');
    await world.finalize();
    const refused = { code: 'transfer_proof_required', invoiceId: theirs.invoiceId };
    const texts = [
      {
        network: world.chain.network,
        text: `Tollbook payment proof\npay.test\n${theirs.invoiceId}\n${world.chain.network}\n${txOf('pays').txHash}`,
      },
    ];
    expect(await show(world, { offer: theirs, tx: 'pays' })).toMatchObject({ ...refused, toSign: texts });
    expect(await show(world, { offer: theirs, tx: 'pays', by: thief })).toMatchObject(refused);
    expect(await show(world, { offer: await opened(world), tx: 'pays' })).toMatchObject({ code: refused.code });
    // The sender's own proof, of another invoice, network, host or transaction.
    for (const proofOf of [
      { invoiceId: mine.invoiceId },
      { network: 'eip155:8453' },
      { host: 'evil.test' },
      { txHash: txOf('other').txHash },
    ]) {
      expect(await show(world, { offer: theirs, tx: 'pays', by: ann, proofOf })).toMatchObject(refused);
    }
    expect((await payments(world)).flatMap(attempts)).toEqual([]);
    await show(world, { offer: mine, tx: 'pays', by: ann });
    await world.reconcile();
    expect(bodyOf(await show(world, { offer: mine, tx: 'pays', by: ann }))).toBe('sunny');
    expect(codeOf(await show(world, { offer: theirs, tx: 'pays', by: ann }))).toBe('payment_used_elsewhere');
    expect(codeOf(await show(world, { offer: theirs, tx: 'pays' }))).toBe('payment_used_elsewhere');
    expect(world.upstream.calls).toHaveLength(1);
  });

  it('that no proof or promise could bind is refused before any node is asked', async () => {
    const world = await open();
    world.node.beforeCall = () => {
      throw new Error('nobody is to be asked');
    };
    expect(codeOf(await show(world, { offer: world.offer(), tx: 'unknown' }))).toBe('transfer_proof_required');
  });

  it('of a payment by signature is no second payment, with whatever proof (A36)', async () => {
    const world = await open();
    const purchase = await world.buy({ payer: 'ann' });
    await world.finalize();
    const { txHash } = (await paymentOf(world)).attempts[0] ?? {};
    const shown = showing(world, { offer: world.offer(), tx: 'unnamed' });
    const proof = {
      address: ann,
      signature: signatureOf(
        ann,
        proofText({
          host: 'pay.test',
          invoiceId: shown.invoiceId,
          network: world.chain.network,
          txHash: txHash ?? '',
        }),
      ),
    };
    expect(purchase.presented.authorization.from).toBe(ann);
    // Its invoice id stands in receipts: alone, or with the hash, it reads nothing, but the payer's own proof does.
    const invoiceId = purchase.presented.invoiceId ?? '';
    const own = { ...shown, invoiceId, txHash: txHash ?? '' };
    const text = proofText({ host: 'pay.test', invoiceId, network: world.chain.network, txHash: txHash ?? '' });
    const proven = { ...own, proof: { address: ann, signature: signatureOf(ann, text) } };
    expect(codeOf(await showTransfer(world.gate.deps, { ...own, txHash: null }))).toBe('payment_required');
    expect(codeOf(await showTransfer(world.gate.deps, own))).toBe('payment_used_elsewhere');
    expect(await showTransfer(world.gate.deps, proven)).toMatchObject({ kind: 'served', isReplay: true });
    for (const each of [null, proof]) {
      const outcome = await showTransfer(world.gate.deps, { ...shown, txHash: txHash ?? '', proof: each });
      expect(codeOf(outcome)).toBe('payment_used_elsewhere');
    }
  });
});

describe('a transaction that does not pay', () => {
  it('is refused: reverted, to others, from our own till, before the offer or after its time', async () => {
    const world = await open();
    const offer = world.offer();
    world.chain.submit({ ...txOf('reverted', transferAction(ann, tillAddress, priceAtomic)), isReverted: true });
    send(world, 'elsewhere', priceAtomic, ann, thief);
    send(world, 'own', priceAtomic, tillAddress, tillAddress);
    await world.mine(1);
    const show1 = (tx: string, by = ann) => show(world, { offer, tx, by });
    // Not deep enough to be sure of.
    expect(codeOf(await show1('reverted'))).toBe('transfer_pending');
    await world.finalize();
    const code = 'transfer_not_acceptable';
    expect(await show1('reverted')).toMatchObject({ code, received: 'a transaction that was reverted' });
    expect(await show1('elsewhere')).toMatchObject({ code, received: 'a transaction without one' });
    expect(await show1('own', tillAddress)).toMatchObject({ code });
    world.chain.skipSeconds(600);
    send(world, 'late');
    await world.finalize();
    expect(await show1('late')).toMatchObject({ code, expected: expect.stringContaining('a block between') });
    expect(await payments(world)).toEqual([]);
  });

  it('is short by what is told, is not taken, and may be given to the invoice by a person', async () => {
    const world = await open();
    const offer = world.offer();
    send(world, 'short', priceAtomic - 1_500n);
    await world.finalize();
    expect(await show(world, { offer, tx: 'short', by: ann })).toMatchObject({
      code: 'transfer_short',
      invoiceId: offer.invoiceId,
      missing: { amount: '0.0015', asset: testAsset.symbol },
    });
    expect(await payments(world)).toEqual([]);
  });

  it('is refused for an invoice that is unknown, of another request, or paid, with no new attempt', async () => {
    const world = await open();
    const offer = world.offer();
    const shown = showing(world, { offer, tx: 'pays', by: ann });
    const forged = { ...shown, invoiceId: `${shown.invoiceId.slice(0, -4)}aaaa` };
    expect(codeOf(await showTransfer(world.gate.deps, forged))).toBe('invoice_unknown');
    const elsewhere = { ...shown, resourceTag: new Uint8Array(10) };
    expect(codeOf(await showTransfer(world.gate.deps, elsewhere))).toBe('resource_mismatch');
    await world.buy({ offer, payer: 'bob' });
    await world.finalize();
    send(world, 'pays');
    await world.finalize();
    expect(codeOf(await show(world, { offer, tx: 'pays', by: ann }))).toBe('invoice_already_paid');
  });
});

describe('a transaction that no block has', () => {
  it('is waited for until the final block is beyond the offer, and then refused, by the chain’s time alone', async () => {
    const world = await open();
    const offer = world.offer();
    const tx = { offer, tx: 'never', by: ann };
    await world.index();
    world.parts.clock.advance(3_600_000);
    expect(codeOf(await show(world, tx))).toBe('transfer_pending');
    world.chain.skipSeconds(expiresInSeconds(world, offer));
    await world.mine(1);
    // The newest block is beyond the offer, the final one is not: a transfer may still have come.
    expect(codeOf(await show(world, tx))).toBe('transfer_pending');
    await world.finalize();
    expect(await show(world, tx)).toMatchObject({
      code: 'transfer_not_acceptable',
      expected: expect.stringMatching(/^a block by /),
      received: 'none',
    });
    expect(codeOf(await show(world, { offer, tx: 'never' }))).toBe('transfer_proof_required');
    expect(await payments(world)).toEqual([]);
  });

  it('that a reorg took for good fails with its proof, and comes late where it comes all the same', async () => {
    const world = await open();
    const offer = world.offer();
    const tx = { offer, tx: 'pays', by: ann };
    send(world, 'pays');
    world.chain.mine();
    await world.scan();
    await show(world, tx);
    await world.mine(3);
    const dropped = world.chain.reorg(4);
    await world.mine(5);
    await world.age(40_000);
    await world.sweep();
    expect(attempts(await paymentOf(world))).toEqual(['unknown']);
    const resolve = async () => {
      await world.db.rows(`update attempts set check_at = now() - interval '1 second' where status = 'unknown'`);
      return resolveUnknown(world.worker, await world.sweepLease());
    };
    await world.finalize();
    expect(await resolve()).toMatchObject({ looked: 1, failed: 0 });
    expect(codeOf(await show(world, { offer, tx: 'pays' }))).toBe('transfer_pending');
    world.chain.skipSeconds(expiresInSeconds(world, offer));
    await world.mine(1);
    expect(await resolve()).toMatchObject({ looked: 1, failed: 0 });
    await world.finalize();
    expect(await resolve()).toMatchObject({ looked: 1, failed: 1 });
    const failed = await paymentOf(world);
    expect(attempts(failed)).toEqual(['failed transfer_orphaned']);
    expect(failed.attempts[0]).toMatchObject({
      releasedAtMs: null,
      evidence: { txHash: txOf('pays').txHash, blockNumber: expect.any(String), sources: expect.any(Array) },
    });
    expect(story(failed)).toEqual(['processing', 'confirmed', 'reorged', 'unknown', 'failed']);
    expect(await discrepancies(world)).toEqual(['reorged: failed']);
    expect(codeOf(await show(world, tx))).toBe('transfer_not_acceptable');
    expect(codeOf(await show(world, { offer, tx: 'pays' }))).toBe('transfer_not_acceptable');
    world.chain.submit(...dropped);
    await world.finalize();
    expect(await discrepancies(world)).toEqual(['late', 'reorged: failed']);
    expect(world.upstream.calls).toEqual([]);
  });
});

/** How much later a block must come to be beyond the offer and its grace. */
function expiresInSeconds(world: PaymentWorld, { expiresAtUnixSeconds }: IssuedOffer): number {
  return expiresAtUnixSeconds + 121 - world.chain.head.timeUnixSeconds;
}

describe('one transaction with two transfers to us', () => {
  it('pays two invoices, a transfer each, and no third', async () => {
    const world = await open();
    const offers = [world.offer(), world.offer(), world.offer()] as const;
    const twice = [transferAction(ann, tillAddress, priceAtomic), transferAction(ann, tillAddress, priceAtomic)];
    world.chain.submit(txOf('twice', ...twice));
    await world.finalize();
    for (const offer of offers) await show(world, { offer, tx: 'twice', by: ann });
    await world.reconcile();
    const served = [];
    for (const offer of offers) served.push(bodyOf(await show(world, { offer, tx: 'twice', by: ann })));
    expect(served).toEqual(['sunny', 'sunny', 'payment_used_elsewhere']);
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['final', 'final']);
    expect(await discrepancies(world)).toEqual(['unmatched: matched', 'unmatched: matched']);
  });
});

describe('an invoice that was opened for a transfer', () => {
  it('is served by its id alone to whoever asks first, once it is paid by its amount', async () => {
    const world = await open();
    await world.index();
    const offer = await opened(world);
    expect(codeOf(await show(world, { offer, tx: null }))).toBe('transfer_pending');
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    expect((await paymentOf(world)).attempts).toEqual([]);
    expect(await show(world, { offer, tx: null })).toMatchObject({ kind: 'served', isReplay: false });
    expect(await show(world, { offer, tx: null })).toMatchObject({ kind: 'served', isReplay: true });
    expect(codeOf(await show(world, { offer, tx: null, query: 'city=oslo' }))).toBe('offer_already_used');
    expect(world.upstream.calls).toHaveLength(1);
    const paid = await paymentOf(world);
    expect([attempts(paid), paid.intent.status]).toEqual([['final'], 'final']);
    expect(story(paid)).toEqual(['created', 'confirmed', 'final']);
  });

  it('is served to its payer who signs as well, and the signature is not taken', async () => {
    const world = await open();
    await world.index();
    const offer = await opened(world);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    const signed = world.purchase({ offer, payer: 'ann' });
    // A contract is asked whether it signed, before it is given anything.
    world.parts.verifier.signer = 'contract';
    world.parts.verifier.verdicts.push({ kind: 'refused', reason: 'signature_invalid', rawReason: 'no' });
    expect(codeOf(await world.take(signed))).toBe('signature_invalid');
    expect(world.upstream.calls).toEqual([]);
    world.parts.verifier.signer = 'key';
    expect(await world.take(signed)).toMatchObject({
      kind: 'served',
      isReplay: false,
      receipt: { isSuccess: true, txHash: txOf('pays').txHash, payer: ann },
    });
    expect(await world.take(signed)).toMatchObject({ kind: 'served', isReplay: true });
    expect(await world.take(world.purchase({ offer, payer: 'ann' }))).toMatchObject({ kind: 'served', isReplay: true });
    expect(codeOf(await world.take(world.purchase({ offer, payer: 'ann', query: 'city=oslo' })))).toBe(
      'offer_already_used',
    );
    expect(codeOf(await world.take(world.purchase({ offer, payer: 'bob' })))).toBe('invoice_already_paid');
    expect([world.upstream.calls.length, world.parts.settlement.sent.length]).toEqual([1, 0]);
    expect(attempts(await paymentOf(world))).toEqual(['final']);
  });

  it('that nobody fetches is on record within a minute, once, and ends when it is fetched', async () => {
    const world = await open();
    await world.index();
    const offer = await opened(world);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    const age = (seconds: number) =>
      world.db.rows(`update payment_intents set confirmed_at = now() - $1 * interval '1 second'`, [seconds]);
    await age(50);
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
    await age(55);
    expect(await world.sweep()).toMatchObject({ notServed: 1 });
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
    const paid = await paymentOf(world);
    expect(story(paid)).toEqual(['created', 'confirmed', 'final', 'paid_not_served']);
    const [record] = await world.db.queries.listDiscrepancies(
      world.book.bookId,
      { isOpen: true, kind: null },
      null,
      10,
    );
    expect(record).toMatchObject({
      kind: 'paid_not_served',
      intentId: paid.intent.intentId,
      amountAtomic: promisedAtomic,
    });
    // The upstream fails for whoever comes: the one record stays the one.
    world.upstream.next.push(() => answered(500));
    expect(codeOf(await show(world, { offer, tx: null }))).toBe('paid_not_served');
    await world.age(60_000);
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
    expect(await discrepancies(world)).toEqual(['paid_not_served']);
    expect(bodyOf(await show(world, { offer, tx: null }))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['paid_not_served: served']);
    await world.age(60_000);
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
  });

  it('that its merchant made is delivered by the merchant: nobody has to fetch it', async () => {
    const world = await open();
    await world.index();
    await opened(world);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    await world.db.rows(`alter table payment_intents disable trigger user`);
    await world.db.rows(
      `update payment_intents set source = 'api', terms_number = null, price_version_id = null,
         confirmed_at = now() - interval '1 hour'`,
    );
    await world.db.rows(`alter table payment_intents enable trigger user`);
    expect(await world.sweep()).toMatchObject({ notServed: 0 });
  });

  it('needs no proof of a hash whose amount names it, seen or booked', async () => {
    const world = await open();
    await world.index();
    const [first, second] = [await opened(world), await opened(world)];
    send(world, 'one', 9_999n);
    send(world, 'two', 9_998n);
    world.chain.mine();
    await world.scan();
    const seen = ({ invoiceBytes }: IssuedOffer) => {
      const intentId = intentIdOfInvoice(invoiceBytes, testCrypto('x').sha256);
      return world.db.shown.seenByAmount(world.book.bookId, intentId);
    };
    expect(await Promise.all([first, second, world.offer()].map(seen))).toEqual([
      txOf('one').txHash,
      txOf('two').txHash,
      null,
    ]);
    expect(codeOf(await show(world, { offer: first, tx: 'one' }))).toBe('transfer_pending');
    expect(codeOf(await show(world, { offer: first, tx: 'two' }))).toBe('transfer_proof_required');
    await world.finalize();
    expect(bodyOf(await show(world, { offer: first, tx: 'one' }))).toBe('sunny');
    expect(bodyOf(await show(world, { offer: second, tx: 'two' }))).toBe('sunny');
    expect(codeOf(await show(world, { offer: first, tx: 'two' }))).toBe('transfer_proof_required');
  });

  it('is served once where several ask at once for what its amount paid', async () => {
    const world = await open();
    await world.index();
    const offer = await opened(world);
    const second = await other(world);
    send(world, 'pays', promisedAtomic);
    await world.mine(4);
    const gates = [world.gate, second].map((gate) => withWait(gate, 20_000));
    const answers = await Promise.all([...gates, ...gates].map((gate) => show(world, { offer, tx: null }, gate)));
    expect(answers.map(bodyOf)).toEqual(answers.map(() => 'sunny'));
    expect(world.upstream.calls).toHaveLength(1);
    await world.finalize();
    expect(attempts(await paymentOf(world))).toEqual(['final']);
  });

  it('that is not paid invites to pay only where nobody was asked to send money', async () => {
    const world = await open();
    expect(codeOf(await show(world, { offer: world.offer(), tx: null }))).toBe('payment_required');
    const withdrawn = await opened(world);
    await world.db.rows(`update payment_intents set status = 'canceled', sequence = 2`);
    expect(codeOf(await show(world, { offer: withdrawn, tx: null }))).toBe('invoice_canceled');
    await world.db.rows('delete from payment_intents');
  });

  it('is given nothing of what others pay by the price, before it is paid and after (A36)', async () => {
    const world = await open();
    await world.index();
    const theirs = await opened(world);
    for (const name of ['first', 'second']) {
      const mine = world.offer();
      send(world, name);
      await world.finalize();
      expect(codeOf(await show(world, { offer: theirs, tx: name }))).toBe('transfer_proof_required');
      expect(codeOf(await show(world, { offer: mine, tx: name, by: ann }))).toBe('transfer_pending');
      await world.reconcile();
      expect(bodyOf(await show(world, { offer: mine, tx: name, by: ann }))).toBe('sunny');
      if (name === 'first') send(world, 'opened', promisedAtomic, thief);
      await world.finalize();
    }
    expect(bodyOf(await show(world, { offer: theirs, tx: null }))).toBe('sunny');
    expect(await discrepancies(world)).toEqual(['unmatched: matched', 'unmatched: matched']);
  });

  it('is given nothing once another endpoint is sold for its amount, or its merchant asks for it (A36)', async () => {
    const world = await open();
    await world.index();
    const theirs = await opened(world);
    const { bookId } = world.book;
    await world.db.rows(
      `insert into payment_intents (book_id, intent_id, invoice_id, source, network_id, asset_id, wallet_id,
         amount_atomic, expires_at)
       select book_id, gen_random_uuid(), decode(repeat('07', 50), 'hex'), 'api', network_id, asset_id, wallet_id,
         reserved_atomic, now() + interval '1 hour'
       from payment_intents where book_id = $1`,
      [bookId],
    );
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    expect(codeOf(await show(world, { offer: theirs, tx: 'pays' }))).toBe('transfer_proof_required');
    expect(codeOf(await show(world, { offer: theirs, tx: null }))).toBe('transfer_pending');
    expect(await discrepancies(world)).toEqual(['unmatched']);
    // The next that is opened is not promised what is a price.
    await opened(world);
    const reserved = await world.db.rows<{ amount: string }>(
      'select amount_atomic::text as amount from reserved_amounts order by 1',
    );
    expect(reserved.map(({ amount }) => amount)).toEqual(['9998', '9999']);
  });

  it('is not what another pays for a second time: whoever proves the transfer is told where it is', async () => {
    const world = await open();
    await world.index();
    const theirs = await opened(world);
    send(world, 'pays', promisedAtomic);
    await world.finalize();
    const mine = world.offer();
    const proven = { offer: mine, tx: 'pays', by: ann };
    const told = { code: 'transfer_booked_elsewhere', invoiceId: mine.invoiceId };
    expect(await show(world, proven)).toMatchObject(told);
    expect(codeOf(await show(world, { offer: mine, tx: 'pays', by: thief }))).toBe('transfer_proof_required');
    expect(bodyOf(await show(world, { offer: theirs, tx: null }))).toBe('sunny');
    expect(await show(world, proven)).toMatchObject(told);
    // Money that bought nothing has not bought something else either.
    send(world, 'again', promisedAtomic);
    await world.finalize();
    expect(await show(world, { ...proven, tx: 'again' })).toMatchObject(told);
  });
});

describe('an authorization that somebody else broadcast', () => {
  it('is taken as the transfer it became, from its payer who proves it (T4b)', async () => {
    const world = await open();
    const offer = world.offer();
    const purchase = world.purchase({ offer, payer: 'ann' });
    const { authorization } = purchase.presented;
    world.parts.verifier.verdicts?.push({ kind: 'spent', by: 'transfer', txHash: txOf('front').txHash });
    world.chain.submit(txOf('front', forcedAction(authorization)));
    await world.finalize();
    const refused = await world.take(purchase);
    const { network } = world.chain;
    const { invoiceId } = offer;
    const text = proofText({ host: 'pay.test', invoiceId, network, txHash: txOf('front').txHash });
    expect(refused).toMatchObject({ code: 'transfer_proof_required', invoiceId, toSign: [{ network, text }] });
    expect(codeOf(await show(world, { offer, tx: 'front', by: thief }))).toBe('transfer_proof_required');
    expect(codeOf(await show(world, { offer, tx: 'front', by: ann }))).toBe('transfer_pending');
    await world.reconcile();
    expect(bodyOf(await show(world, { offer, tx: 'front', by: ann }))).toBe('sunny');
    const paid = await paymentOf(world, purchase);
    expect(attempts(paid)).toEqual(['failed transfer_proof_required', 'final']);
    expect(intentIdOfInvoice(offer.invoiceBytes, testCrypto('x').sha256)).toBe(paid.intent.intentId);
  });
});
