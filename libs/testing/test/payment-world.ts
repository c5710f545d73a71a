import {
  asciiBytes,
  hexOf,
  type PresentedPayment,
  requestFingerprint,
  resourceTag,
  type SettleMode,
  type TermsVersion,
} from '@tollbook/domain';
import {
  buildPresentedPayment,
  type FakeChain,
  fakeChainReader,
  type NodeFaults,
  type PaymentChanges,
  testCrypto,
} from '@tollbook/testing';
import {
  type BooksProofRecord,
  type GateBook,
  type GateEndpoint,
  type IssuedOffer,
  issueOffer,
  type Lease,
  type Purchase,
  type PurchaseOutcome,
  proveBooks,
  type ReconcileOutcome,
  reconcileNetwork,
  type ScanOutcome,
  type SweepCounts,
  scanChain,
  sweepAttempts,
  takePayment,
  type WorkerDeps,
} from '@tollbook/usecases';
import { addressOf } from './address-of.js';
import { CrashPlan } from './crash.js';
import { newChain } from './new-chain.js';
import { ScriptedUpstream } from './scripted-upstream.js';
import type { WorldDatabase } from './world-database.js';
import { createParts, type Gate, newWorker, openGate, type WorldParts } from './world-parts.js';

const { sha256, hmacSha256 } = testCrypto('world');

/** What a test says about a purchase; everything else is an honest first payment. */
export type PurchaseChanges = {
  readonly payer?: string;
  /** A fresh one when left out. */
  readonly offer?: IssuedOffer;
  readonly presented?: PaymentChanges;
  /** What the request asks for beyond what its price depends on. */
  readonly query?: string;
  readonly clientNet?: string;
  readonly signal?: AbortSignal;
};

export type WorldOptions = {
  readonly chain?: FakeChain;
  /** The same for worlds that shall make the same payments. */
  readonly seed?: string;
  readonly confirmDepth?: number;
  readonly settleMode?: SettleMode;
};

/** Everything that takes part in a payment, in one process: gates, worker, buyers, upstream, node, and real tables. */
export class PaymentWorld {
  readonly upstream = new ScriptedUpstream();
  readonly crashes = new CrashPlan();
  /** Cleared by tests in which a lie is believed: the world is not checked when it ends. */
  isSound = true;
  worker: WorkerDeps;
  private drawnNonces = 0;

  private constructor(
    readonly db: WorldDatabase,
    readonly parts: WorldParts,
    readonly gate: Gate,
    public book: GateBook,
  ) {
    this.worker = newWorker(db, parts, this.crashes);
  }

  static async open(db: WorldDatabase, options: WorldOptions = {}): Promise<PaymentWorld> {
    await db.reset(options.settleMode ?? 'after');
    const chain = options.chain ?? newChain();
    const parts = createParts(db, chain, options.seed ?? 'world', options.confirmDepth);
    return new PaymentWorld(db, parts, await openGate(db, parts), await loadShop(db));
  }

  get node(): NodeFaults {
    return this.parts.node;
  }

  get chain(): FakeChain {
    return this.parts.chain;
  }

  get endpoint(): GateEndpoint {
    return only(this.book.endpoints);
  }

  get terms(): TermsVersion {
    const terms = this.endpoint.terms.find((each) => each.supersededAtUnixSeconds === null);
    if (!terms) throw new Error('the endpoint has no price');
    return terms;
  }

  // Buyers

  offer(terms = this.terms): IssuedOffer {
    const nowUnixSeconds = Math.floor(this.parts.clock.nowMs() / 1000);
    return issueOffer(terms, this.tag(), nowUnixSeconds, this.parts.sealKey, this.gate.deps.crypto);
  }

  purchase(changes: PurchaseChanges = {}): Purchase {
    const payer = changes.payer ?? 'buyer';
    this.drawnNonces += 1;
    const nonce = `0x${hexOf(sha256(asciiBytes(`${this.parts.seed}/${payer}/${this.drawnNonces}`)))}`;
    const authorization = { from: addressOf(payer), nonce, ...changes.presented?.authorization };
    const presented = buildPresentedPayment(changes.offer ?? this.offer(), { ...changes.presented, authorization });
    const rest = { rawQuery: changes.query ?? '', contentType: '', bodySha256: sha256() };
    return {
      book: this.book,
      endpoint: this.endpoint,
      presented,
      payload: payloadOf(presented),
      method: 'GET',
      resourceTag: this.tag(),
      requestFingerprint: requestFingerprint(this.request(), rest, sha256),
      resourcePath: `/g/${this.book.gateSlug}/weather`,
      isResourceUrlEqual: null,
      clientNet: hmacSha256(asciiBytes('net'), asciiBytes(changes.clientNet ?? 'home')).subarray(0, 16),
      client: 'test',
      callUpstream: this.upstream.call,
      signal: changes.signal ?? new AbortController().signal,
    };
  }

  /** Shows a payment and reads its whole answer. */
  async take(purchase: Purchase, gate = this.gate): Promise<PurchaseOutcome> {
    const outcome = await takePayment(gate.deps, purchase);
    if (outcome.kind === 'served') await outcome.afterAnswer(true);
    return outcome;
  }

  /** Shows a payment and is gone before the last byte. */
  async takeUnread(purchase: Purchase, gate = this.gate): Promise<PurchaseOutcome> {
    const outcome = await takePayment(gate.deps, purchase);
    if (outcome.kind === 'served') await outcome.afterAnswer(false);
    return outcome;
  }

  /** An honest first payment, served. */
  async buy(changes: PurchaseChanges = {}): Promise<Purchase> {
    const purchase = this.purchase(changes);
    const outcome = await this.take(purchase);
    if (outcome.kind !== 'served') throw new Error(`not served: ${JSON.stringify(outcome)}`);
    return purchase;
  }

  openGate(): Promise<Gate> {
    return openGate(this.db, this.parts);
  }

  /** The process is not seen any more. */
  async killGate(gate: Gate): Promise<void> {
    await this.db.rows(`update gate_processes set seen_at = now() - interval '11 seconds' where boot_id = $1`, [
      gate.bootId,
    ]);
  }

  async reloadBook(): Promise<void> {
    this.book = await loadShop(this.db);
  }

  // Worker

  scan(network = this.chain.network): Promise<ScanOutcome> {
    return scanChain(this.worker, network);
  }

  reconcile(): Promise<ReconcileOutcome> {
    return reconcileNetwork(this.worker, this.chain.network);
  }

  /** Reads the chain to its head and books what it allows. */
  async index(): Promise<void> {
    await this.scan();
    await this.reconcile();
  }

  /** Mines so many blocks, then reads and books. */
  async mine(count = 1): Promise<void> {
    this.chain.mine(count);
    await this.index();
  }

  /** Everything that was submitted becomes final and is booked. */
  finalize(): Promise<void> {
    return this.mine(20);
  }

  /** What the worker looks for every few seconds. */
  async sweep(): Promise<SweepCounts> {
    return sweepAttempts(this.worker, await this.sweepLease());
  }

  /** Lets time go by for attempts, as their rows tell it. */
  async age(milliseconds: number): Promise<void> {
    const columns = ['lease_until', 'sent_at', 'submitted_at', 'served_at', 'check_at', 'last_sent_at'];
    const moved = columns.map((column) => `${column} = ${column} - $1 * interval '1 millisecond'`);
    await this.db.rows(`update attempts set ${moved.join(', ')}`, [milliseconds]);
  }

  /** The lease of sweeps and schedules. */
  async sweepLease(): Promise<Lease> {
    const lease = await this.db.chain.takeLease('sweep', this.worker.holder, 60_000);
    if (!lease) throw new Error('another worker sweeps');
    return lease;
  }

  /** What the chain says of each wallet at the confirmed height, less what the books say. */
  async proofDifferences(): Promise<readonly bigint[]> {
    return (await this.proof()).map((row) => row.differenceAtomic);
  }

  /** The books beside the chain, for each wallet at the confirmed height. */
  async proof(): Promise<readonly BooksProofRecord[]> {
    const { books, chain: store } = this.db;
    const { network } = this.chain;
    const blockNumber = (await store.cursor(network))?.confirmed.number ?? null;
    const deps = { books, store, readerOf: () => fakeChainReader(this.chain) };
    const proof = await proveBooks(deps, { bookId: null, network, blockNumber });
    if (proof.kind === 'refused') throw new Error(proof.reason);
    return proof.rows;
  }

  /** A new worker process, after the old one died and its leases ran out. */
  async restartWorker(): Promise<void> {
    await this.db.rows(`update leases set expires_at = now() - interval '1 second'`);
    this.worker = newWorker(this.db, this.parts, this.crashes);
  }

  private request() {
    const { endpointId } = this.endpoint;
    return { endpointId, method: 'GET', path: '/weather', pricedQuery: [], bodySha256: null };
  }

  private tag(): Uint8Array {
    return resourceTag(this.request(), sha256);
  }
}

/** What a client sends, as far as it is kept and sent on. */
function payloadOf({ x402Version, signature, authorization: a }: PresentedPayment): Uint8Array {
  const { validAfterUnixSeconds, validBeforeUnixSeconds, valueAtomic, ...rest } = a;
  const times = { validAfter: `${validAfterUnixSeconds}`, validBefore: `${validBeforeUnixSeconds}` };
  const payload = { signature, authorization: { ...rest, value: `${valueAtomic}`, ...times } };
  return asciiBytes(JSON.stringify({ x402Version, payload, accepted: { extra: { invoiceId: 'inv_secret' } } }));
}

async function loadShop({ config }: WorldDatabase): Promise<GateBook> {
  const { books } = await config.versions();
  return config.loadBook(only(books));
}

/** The one element of a list. */
export function only<T>(list: readonly T[]): T {
  const [first, ...rest] = list;
  if (first === undefined || rest.length > 0) throw new Error(`expected one, got ${list.length}`);
  return first;
}
