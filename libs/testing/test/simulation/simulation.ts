import { testAsset, testCrypto } from '@tollbook/testing';
import {
  addWallet,
  ChainUnavailable,
  type CursorRecord,
  expireIntents,
  type FailpointName,
  LeaseLost,
  openInvoice,
  type Purchase,
  type PurchaseOutcome,
  reconcileNetwork,
  resolveUnknown,
  StoreUnavailable,
  scanChain,
  sweepAttempts,
  systemContext,
  takePayment,
  type WorkerDeps,
} from '@tollbook/usecases';
import { addressOf } from '../address-of.js';
import { forcedAction, transferAction, txOf } from '../chain-txs.js';
import { Crash, CrashPlan } from '../crash.js';
import type { PaymentWorld } from '../payment-world.js';
import { answered } from '../scripted-upstream.js';
import { type Gate, newWorker } from '../world-parts.js';
import { setPrice, tillAddress } from '../world-shop.js';
import { type Deal, dealOf, intentOf, invitesToPay, type OpenedInvoice, signedKey } from './deals.js';
import { type Loss, LostCommits } from './lost-commits.js';
import { LyingNode } from './lying-node.js';
import { type Mutant, withChainTx } from './mutants.js';
import type { GiftKind, Happening, Reading, Script, SendKind } from './script.js';
import { facilitatorIdOf, type SimulatedFacilitator, simulatedFacilitator } from './simulated-facilitators.js';
import { Teller } from './teller.js';
import type { Violation } from './violation.js';

type Indexer = { deps: WorkerDeps; crashes: CrashPlan };
type Shown = Omit<Extract<Happening, { kind: 'pay' }>, 'kind' | 'payer' | 'offer' | 'send' | 'upstream'>;

/** A payment is shown again until its buyer gives up. */
const patienceMs = 5_000;
/** Where a claim of a dead process stands in the way, nobody waits for its lease. */
const patienceWithDeadMs = 120;
const priceOfB2 = 10_000n;
/** The clock of the database is far ahead of the chain's: what ends by time ends by the chain's alone. */
const dbAheadMs = 3_600_000;

/** Lets things happen to a world, remembers what was done in it, and brings everything to its end. */
export class Simulation {
  readonly deals: Deal[] = [];
  readonly invoices: OpenedInvoice[] = [];
  /** Authorizations that were handed to somebody who broadcasts them. */
  readonly sent = new Set<string>();
  /** Authorizations that were carried out after their failure was proved. */
  readonly late = new Set<string>();
  readonly violations: Violation[] = [];
  /** How often what happened. */
  readonly tally = new Map<string, number>();
  readonly node: LyingNode;
  readonly teller: Teller;
  /** How far the chain was final once. */
  finalNumber: bigint;
  private readonly indexers: [Indexer, Indexer];
  private readonly remote: SimulatedFacilitator | null;
  private gates: [Gate, Gate];
  private kept: ReturnType<PaymentWorld['offer']>[] = [];
  private highest = 0n;
  private heights = { confirmed: 0n, final: 0n };
  private drawn = 0;
  private clockSeconds = 0;
  private hasDeadClaim = false;
  private readonly gateCommits = new LostCommits();
  private readonly workerCommits = new LostCommits();

  private constructor(
    readonly world: PaymentWorld,
    readonly script: Script,
    gates: [Gate, Gate],
    private readonly mutant: Mutant | null,
  ) {
    const { chain, parts } = world;
    this.finalNumber = chain.final.number;
    this.node = new LyingNode(chain);
    parts.readers.set(chain.network, mutant?.reader?.(this.node.reader(), chain) ?? this.node.reader());
    this.gates = [this.mutated(gates[0]), this.mutated(gates[1])];
    this.indexers = [this.newIndexer(), this.newIndexer()];
    this.teller = new Teller(world, this.violations, mutant?.forgetsEventIds === true);
    const isRemote = script.setup.settler === 'remote';
    const facilitatorId = facilitatorIdOf(parts.seed);
    this.remote = isRemote
      ? simulatedFacilitator(chain, facilitatorId, ({ payer, nonce }) => this.onSend(payer, nonce))
      : null;
    if (this.remote) parts.facilitators.use = this.remote.facilitators;
    const { send } = parts.settlement;
    parts.settlement.send = async (signedTx) => {
      const [, payer = '', , , , , nonce = ''] = new TextDecoder().decode(signedTx).split(' ');
      await this.onSend(payer, nonce);
      return send(signedTx);
    };
    mutant?.settlement?.(parts.settlement);
    const { call } = world.upstream;
    Object.assign(world.upstream, {
      call: async (...[attemptId, ...rest]: Parameters<typeof call>) => {
        const [row] = await world.db.rows('select from attempts where attempt_id = $1', [attemptId]);
        if (!row) this.violate('I21', 'the upstream was called before its claim was committed');
        return call(attemptId, ...rest);
      },
    });
  }

  static async begin(world: PaymentWorld, script: Script, mutant: Mutant | null): Promise<Simulation> {
    const { db, book, parts } = world;
    if (script.setup.settler === 'remote') {
      await db.rows(
        `insert into facilitators (book_id, facilitator_id, kind, name, url, position)
         values ($1, $2, 'remote', 'Simulated', 'http://127.0.0.1:9/', 1)`,
        [book.bookId, facilitatorIdOf(parts.seed)],
      );
      await world.reloadBook();
    }
    await Teller.subscribe(world);
    await world.index();
    if (script.setup.isCautious) {
      parts.exposureCaps = { perPayer: 0n, perEndpoint: 0n, total: 0n };
      parts.sightWaitMs = 0;
    }
    const gates: [Gate, Gate] = [await world.openGate(), await world.openGate()];
    const simulation = new Simulation(world, script, gates, mutant);
    simulation.highest = world.chain.head.number;
    const cursor = await db.chain.cursor(world.chain.network);
    simulation.heights = { confirmed: cursor?.confirmed.number ?? 0n, final: cursor?.final.number ?? 0n };
    return simulation;
  }

  async happen(happening: Happening): Promise<void> {
    const { world } = this;
    this.count(`event: ${happening.kind}`);
    switch (happening.kind) {
      case 'pay':
        return this.pay(happening);
      case 'quote':
        this.kept.push(world.offer());
        return;
      case 'retry': {
        const deal = this.deals[happening.which % Math.max(1, this.deals.length)];
        if (!deal) return;
        if (happening.isOther) return this.showForOther(deal);
        return this.show(deal, {
          copies: 1,
          gates: 1,
          dies: happening.dies,
          isPatient: false,
          isRead: true,
          loses: null,
        });
      }
      case 'gift':
        this.count(`transfer: ${happening.gift}`);
        return this.give(happening.gift, happening.size, happening.wallet);
      case 'stranger':
        return this.meddle(happening.which, happening.deed);
      case 'open':
        return this.open();
      case 'transfer':
        return this.transfer(happening.which, happening.delta, happening.copies);
      case 'mine':
        if (happening.skipSeconds > 0) this.count('fault: block-time drift');
        world.chain.skipSeconds(happening.skipSeconds);
        this.mine(happening.blocks);
        return this.read(happening.read);
      case 'reorg':
        this.reorg(happening.depth, happening.regrows, happening.keeps);
        return this.read(happening.read);
      case 'read':
        return this.read(happening.read);
      case 'sweep':
        if (happening.laterMs !== 0) this.count(`fault: database clock steps ${happening.laterMs} ms`);
        await world.age(happening.laterMs);
        if (happening.laterMs > 70_000) this.hasDeadClaim = false;
        return this.sweep(happening.loses);
      case 'resolve':
        return this.resolve(happening.loses);
      case 'expire':
        return this.expire(happening.loses);
      case 'price': {
        const [terms] = world.terms.networks;
        const { bookId } = world.book;
        const { endpointId } = world.endpoint;
        const { settleMode } = this.script.setup;
        const walletId = terms?.walletId ?? '';
        const amountAtomic = BigInt(happening.price);
        await setPrice(world.db.setup, { bookId, endpointId, walletId, amountAtomic, settleMode });
        await world.reloadBook();
        return;
      }
      case 'clock':
        this.count('fault: gate clock steps');
        return this.stepClock(happening.seconds);
      case 'tell':
        if (happening.isRefused) this.count('fault: receiver refuses');
        return this.tell(happening.dies, happening.isRefused);
    }
  }

  /** Nothing goes wrong any more: leases lapse, transactions are sent again, blocks come, until all is final. */
  async settle(): Promise<void> {
    const { world } = this;
    const { finalLag, confirmDepth, endsLate, endDies } = this.script.setup;
    const { chain } = world;
    this.stepClock(-this.clockSeconds);
    if (this.remote) chain.submit(...this.remote.late.splice(0));
    // First the chain grows beyond what was read before a reorg, so that everything orphaned is known.
    this.mine(Math.max(1, Number(this.highest - chain.head.number) + 1));
    await this.index();
    for (const _ of [1, 2]) {
      await world.age(75_000);
      await this.sweep();
      this.mine(2);
      await this.index();
    }
    // What was signed and did not come is over, by the clock of a chain that is final.
    chain.skipSeconds(900);
    this.mine(finalLag + confirmDepth + 2);
    if (endDies) await this.work(this.indexers[0], 'index', endDies);
    await this.index();
    await this.resolve();
    await this.expire();
    if (endsLate) await this.payLate();
    await world.age(75_000);
    await this.sweep();
    await this.index();
    await this.tell(null, false);
  }

  /** Everything is looked at once more, and every payment shown again, by a process that is new. */
  async repeat(sent: ReadonlySet<string>): Promise<ReadonlyMap<Deal, PurchaseOutcome>> {
    // A run whose beginning was lost on the way to its gate holds its lease for as long as an answer may stream.
    await this.world.age(3_600_000);
    await this.index();
    await this.sweep();
    await this.resolve();
    await this.expire();
    await this.tell(null, false);
    const gate = this.mutated(await this.world.openGate());
    const outcomes = new Map<Deal, PurchaseOutcome>();
    for (const deal of this.deals) {
      // What was never sent is a first payment, and free to be one.
      const { from, nonce } = deal.purchase.presented.authorization;
      if (!sent.has(signedKey(from, nonce))) continue;
      outcomes.set(deal, await this.take(deal, gate, AbortSignal.timeout(patienceMs), false));
    }
    return outcomes;
  }

  /** Another chain below what was final: the network stops, and nothing that is booked is touched. */
  async breakFinality(): Promise<string> {
    const { chain } = this.world;
    const { finalLag } = this.script.setup;
    chain.reorg(finalLag + 3);
    chain.mine(finalLag + 8);
    await this.lapseLeases();
    const scanned = await scanChain(this.indexers[0].deps, chain.network);
    const reconciled = await reconcileNetwork(this.indexers[0].deps, chain.network);
    return `${scanned.kind} ${reconciled.kind}`;
  }

  /** Both heights of the worker at the chain's head and its final block. */
  get isLevel(): Promise<boolean> {
    return this.world.db.chain.cursor(this.world.chain.network).then((cursor) => {
      const { head, final } = this.world.chain;
      return cursor?.head.hash === head.hash && cursor.final.number === final.number;
    });
  }

  /** Transactions that were lost, or whose answers were. */
  get lostCommits(): number {
    return this.gateCommits.lost + this.workerCommits.lost;
  }

  violate(invariant: string, what: string): void {
    this.violations.push({ invariant, what });
  }

  count(what: string, times = 1): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + times);
  }

  // Buyers

  private async pay(happening: Extract<Happening, { kind: 'pay' }>): Promise<void> {
    const { world } = this;
    const kept = happening.offer === null ? undefined : this.kept[happening.offer % Math.max(1, this.kept.length)];
    const payer = `buyer ${happening.payer}`;
    const deal = dealOf(world.purchase(kept ? { payer, offer: kept } : { payer }));
    this.deals.push(deal);
    this.plan(happening.send);
    if (happening.upstream === 'fails') world.upstream.next.push(() => answered(500));
    await this.show(deal, happening);
    world.upstream.next.length = 0;
    world.parts.settlement.scripts.length = 0;
    if (this.remote) this.remote.next.length = 0;
  }

  private plan(send: SendKind): void {
    this.count(`facilitator: ${send}`);
    this.remote?.next.push(send);
    const isBroadcast = !['timeout_unsent', 'answered_then_lost', 'late_broadcast'].includes(send);
    const isAccepted = ['settled', 'answered_then_lost', 'other_tx_hash'].includes(send);
    this.world.parts.settlement.scripts.push({ says: isAccepted ? 'accepted' : 'uncertain', isBroadcast });
  }

  private async show(deal: Deal, how: Shown): Promise<void> {
    const gates = this.gates;
    const leaving = new AbortController();
    const patience = AbortSignal.timeout(this.hasDeadClaim ? patienceWithDeadMs : patienceMs);
    const signal = AbortSignal.any([leaving.signal, patience]);
    if (how.dies) gates[0].crashes.plan(how.dies);
    this.gateCommits.plan(how.loses);
    const shown = Array.from({ length: how.copies }, async (_, copy) => {
      const at = copy % how.gates === 0 ? 0 : 1;
      try {
        await this.take(deal, gates[at], signal, how.isRead);
      } catch (error) {
        // The buyer hears that the store is away, and may come again.
        if (error instanceof StoreUnavailable) return;
        if (!(error instanceof Crash)) throw error;
        this.count(`crash: ${error.message}`);
        this.hasDeadClaim = true;
        await this.world.killGate(gates[at]);
        this.gates[at] = this.mutated(await this.world.openGate());
        if (!how.isPatient) leaving.abort();
        else if (how.copies > 1) setTimeout(() => leaving.abort(), patienceWithDeadMs);
      }
    });
    for (const ended of await Promise.allSettled(shown)) {
      if (ended.status === 'rejected') this.unexpected('a gate', ended.reason);
    }
    this.gateCommits.plan(null);
    for (const gate of gates) gate.crashes.cancel();
  }

  private async take(deal: Deal, gate: Gate, signal: AbortSignal, isRead: boolean): Promise<PurchaseOutcome> {
    const inDoubt = `select from attempts where nonce = $1 and status in ('submitting', 'submitted', 'unknown')`;
    const nonce = Buffer.from(deal.purchase.presented.authorization.nonce.slice(2), 'hex');
    const before = await this.world.db.rows(inDoubt, [nonce]);
    const outcome = await takePayment(gate.deps, { ...deal.purchase, signal });
    this.count(`answer: ${outcome.kind}`);
    if (before.length > 0 && invitesToPay(outcome) && (await this.world.db.rows(inDoubt, [nonce])).length > 0) {
      this.violate('I20', `a new payment was invited while one was in doubt: ${JSON.stringify(outcome.kind)}`);
    }
    if (outcome.kind !== 'served') return outcome;
    if (this.script.setup.isCautious && !deal.wasServed) await this.expectSeen(deal);
    deal.wasServed = true;
    if (new TextDecoder().decode(outcome.answer.body) !== 'sunny') this.violate('I22', 'another answer was served');
    try {
      await outcome.afterAnswer(isRead);
      if (isRead) deal.reads += 1;
    } catch (error) {
      if (isRead) deal.readsInDoubt += 1;
      throw error;
    }
    return outcome;
  }

  /** Where nothing may be at risk, what is served first is in a block by then (I23). */
  private async expectSeen({ purchase, intentId }: Deal): Promise<void> {
    const { chain, db } = this.world;
    const { from: payer, nonce } = purchase.presented.authorization;
    const isSeen = [...chain.upTo(chain.head.hash)].some(({ spent }) =>
      spent.some((each) => each.kind === 'used' && each.payer === payer && each.nonce === nonce),
    );
    const paid = `select from payment_intents where intent_id = $1 and status in ('confirmed', 'final')`;
    if (!isSeen && (await db.rows(paid, [intentId])).length === 0) {
      this.violate('I23 nothing is at risk beyond the cap', `${intentId} was served and stood in no block`);
    }
  }

  /** The same signed payment for another request: it may not buy that. */
  private async showForOther(deal: Deal): Promise<void> {
    const { presented } = deal.purchase;
    const other: Purchase = { ...this.world.purchase({ query: 'city=Rome' }), presented };
    const held = await this.world.db.rows(
      `select from attempts where nonce = $1 and released_at is null and request_fingerprint <> $2`,
      [Buffer.from(presented.authorization.nonce.slice(2), 'hex'), Buffer.from(other.requestFingerprint)],
    );
    // Nothing holds the payment, so it would buy this; that is another test.
    if (held.length === 0) return;
    const signal = AbortSignal.timeout(patienceWithDeadMs);
    const outcome = await takePayment(this.gates[0].deps, { ...other, signal });
    this.count('fault: payload shown for another request');
    if (outcome.kind === 'served') this.violate('I22', 'a payment bought another request than it was claimed for');
  }

  /** An opening of an invoice for a transfer (B2). */
  private async open(): Promise<void> {
    const { world } = this;
    const { db, parts, book, chain } = world;
    const offer = world.offer();
    const [entry] = offer.terms.networks;
    if (!entry) throw new Error('an offer names a network');
    const crypto = testCrypto(`${parts.seed}/open/${this.next()}`);
    const deps = {
      intents: db.intents,
      catalog: parts.catalog,
      formatAddress: (_: string, text: string) => text,
      crypto,
    };
    const before = await db.chain.cursor(chain.network);
    const expiresAtUnixSeconds = offer.expiresAtUnixSeconds;
    const { terms } = offer;
    const result = await openInvoice(deps, {
      bookId: book.bookId,
      mode: 'test',
      invoiceId: offer.invoiceBytes,
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
    });
    if (result.kind !== 'opened') return;
    // Whoever has the offer may sign for it all the same.
    this.kept.push(offer);
    const intentId = intentOf(offer.invoiceId);
    const [row] = await db.rows<{ reserved: string }>(
      'select reserved_atomic::text as reserved from payment_intents where intent_id = $1',
      [intentId],
    );
    const afterBlock = before?.head.number ?? -1n;
    const reservedAtomic = BigInt(row?.reserved ?? '0');
    this.invoices.push({ intentId, reservedAtomic, wallet: tillAddress, afterBlock, expiresAtUnixSeconds });
  }

  /** A transfer of an amount that an invoice was promised, or nearly that. */
  private transfer(which: number, delta: number, copies: number): void {
    const invoice = this.invoices[which % Math.max(1, this.invoices.length)];
    const amountAtomic = (invoice?.reservedAtomic ?? priceOfB2) + BigInt(delta);
    for (let copy = 0; copy < copies; copy += 1) {
      this.count(delta === 0 ? 'transfer: named by its amount' : 'transfer: nearly an amount');
      this.world.chain.submit(this.tx(transferAction(addressOf('payer'), tillAddress, amountAtomic)));
    }
  }

  private give(gift: GiftKind, size: number, wallet: number): void {
    const own = this.ownWallets[wallet % this.ownWallets.length] ?? tillAddress;
    const giver = addressOf('giver');
    const some = BigInt(size) * 1_000n;
    const actions = {
      some: transferAction(giver, own, some),
      dust: transferAction(giver, own, 1n),
      zero: transferAction(giver, own, 0n),
      // More than a double can count.
      huge: transferAction(giver, own, 2n ** 60n + some + 1n),
      wrong_asset: { ...transferAction(giver, own, some), contract: addressOf('another token') },
      from_own: transferAction(tillAddress, own, some),
      to_itself: transferAction(own, own, some),
      out: transferAction(tillAddress, giver, some),
    };
    const action = actions[gift];
    // A wallet cannot give what it does not have.
    const givesFrom: Partial<Record<GiftKind, string>> = { from_own: tillAddress, out: tillAddress, to_itself: own };
    const from = givesFrom[gift];
    const first = from === undefined ? [] : [transferAction(giver, from, some)];
    this.world.chain.submit(this.tx(...first, action));
  }

  readonly ownWallets: string[] = [tillAddress];

  private meddle(which: number, deed: Extract<Happening, { kind: 'stranger' }>['deed']): void {
    const deal = this.deals[which % Math.max(1, this.deals.length)];
    if (!deal) return;
    this.count(`stranger: ${deed}`);
    const { authorization } = deal.purchase.presented;
    const { from: payer, nonce } = authorization;
    const { chain } = this.world;
    switch (deed) {
      case 'broadcasts':
        chain.submit(this.tx({ kind: 'authorize', authorization }));
        return;
      case 'spends_elsewhere':
        chain.submit(this.tx({ kind: 'authorize', authorization: { ...authorization, valueAtomic: 77n } }));
        return;
      case 'cancels':
        chain.submit(this.tx({ kind: 'cancel', payer, nonce }));
        return;
      case 'again': {
        // Only on top of the first: the token would not, so the node lies.
        const isUsed = [...chain.upTo(chain.head.hash)].some(({ spent }) =>
          spent.some((each) => each.kind === 'used' && each.payer === payer && each.nonce === nonce),
        );
        if (isUsed) chain.submit(this.tx(forcedAction(authorization)));
      }
    }
  }

  private async onSend(payer: string, nonce: string): Promise<void> {
    this.sent.add(signedKey(payer, nonce));
    const [row] = await this.world.db.rows('select from attempts where nonce = $1 and sent_at is not null', [
      Buffer.from(nonce.slice(2), 'hex'),
    ]);
    if (!row) this.violate('I21', 'bytes left before the decision to send them was committed');
  }

  // Chain

  /** Heights rise to what depth and chain allow, and no further. */
  private onCursor({ head, confirmed, final }: CursorRecord): void {
    const deepEnough = head.number - BigInt(this.script.setup.confirmDepth);
    if (confirmed.number > this.heights.confirmed && confirmed.number > deepEnough) {
      this.violate('I25 deep enough', `${confirmed.number} was confirmed under ${head.number}`);
    }
    if (final.number > this.heights.final && final.number > this.finalNumber) {
      this.violate('I13 final by the chain', `${final.number} was final, the chain says ${this.finalNumber}`);
    }
    this.heights = { confirmed: confirmed.number, final: final.number };
  }

  private mine(blocks: number): void {
    const { chain } = this.world;
    if (this.remote && this.remote.late.length > 1) chain.submit(...this.remote.late.splice(0, 1));
    chain.mine(blocks);
    if (chain.final.number > this.finalNumber) this.finalNumber = chain.final.number;
  }

  /** Never below what was final once: that is another story. */
  private reorg(depth: number, regrows: number, keeps: Extract<Happening, { kind: 'reorg' }>['keeps']): void {
    const { chain } = this.world;
    const gone = Math.min(depth, Number(chain.head.number - this.finalNumber));
    if (gone <= 0) return;
    this.count(
      `reorg: depth ${gone < 3 ? '1-2' : gone < 10 ? '3-9' : gone < 40 ? '10-39' : gone < 200 ? '40-199' : '200-1000'}`,
    );
    this.count(`reorg: keeps ${keeps}`);
    this.node.rememberTip();
    const dropped = chain.reorg(gone);
    const back = {
      all: dropped,
      half: dropped.filter((_, index) => index % 2 === 0),
      none: [],
      reversed: [...dropped].reverse(),
      later: [],
    }[keeps];
    // In another block than before, where another fork begins.
    if (keeps !== 'all') chain.mine();
    chain.submit(...back);
    this.mine(Math.max(0, regrows - 1));
    if (keeps === 'later') chain.submit(...dropped);
  }

  private async read(reading: Reading): Promise<void> {
    if (reading.steps === 'none') return;
    const { node } = this;
    const liesBefore = node.lies;
    node.begin(reading.lie);
    const me = this.indexers[reading.worker];
    const other = this.indexers[reading.worker === 0 ? 1 : 0];
    const { overtakenAt, walletAt } = reading;
    if (overtakenAt !== null) {
      node.runAt(overtakenAt, async () => {
        this.count('fault: worker overtaken while it waits');
        await this.lapseLeases();
        await this.work(other, 'index', null);
      });
    }
    if (walletAt !== null) node.runAt(walletAt, () => this.addWallet());
    // Whoever read last gave the lease back, or died with it.
    await this.lapseLeases();
    this.workerCommits.plan(reading.loses);
    const mine = this.work(me, reading.steps, reading.dies);
    if (reading.isDoubled) {
      this.count('fault: job given twice');
      await Promise.all([mine, this.work(other, reading.steps, null)]);
    } else await mine;
    node.begin(null);
    this.workerCommits.plan(null);
    if (reading.lie && node.lies > liesBefore) this.count(`node: ${reading.lie.kind}`, 1);
  }

  private async index(): Promise<void> {
    this.node.begin(null);
    await this.lapseLeases();
    await this.work(this.indexers[0], 'index', null);
  }

  private async work(indexer: Indexer, steps: Exclude<Reading['steps'], 'none'>, dies: FailpointName | null) {
    const { network } = this.world.chain;
    if (dies) indexer.crashes.plan(dies);
    try {
      if (steps !== 'reconcile') {
        const scanned = await scanChain(indexer.deps, network);
        if (scanned.kind === 'frozen') this.violate('I13', `the network froze: ${scanned.reason}`);
      }
      if (steps !== 'scan') await reconcileNetwork(indexer.deps, network);
    } catch (error) {
      if (error instanceof Crash) {
        this.count(`crash: ${error.message}`);
        Object.assign(indexer, this.newIndexer());
      } else if (isWaiting(error)) {
        this.count(`worker waits: ${(error as Error).name}`);
      } else this.unexpected('a worker', error);
    }
    indexer.crashes.cancel();
    const { head } = this.world.chain;
    if (head.number > this.highest) this.highest = head.number;
  }

  private lapseLeases(): Promise<unknown> {
    return this.world.db.rows(`update leases set expires_at = now() - interval '1 second'`);
  }

  private async addWallet(): Promise<void> {
    const { world } = this;
    if (this.ownWallets.length > 2) return;
    this.count('fault: wallet added while blocks are read');
    const address = addressOf(`wallet ${this.ownWallets.length}`);
    const configuration = world.db.configuration;
    const { catalog, seed } = world.parts;
    const deps = {
      configuration,
      catalog,
      formatAddress: (_: string, text: string) => text,
      standingOf: () => ({ kind: 'open' }) as const,
      vetUrl: async () => null,
      fitsHeader: () => true,
      parseAddress: (_: string, text: string) => text,
      readerOf: () => world.gate.deps.chainOf(world.chain.network)?.reader,
    };
    const caller = { ...systemContext, bookId: world.book.bookId, mode: 'test' as const };
    const [walletId] = [facilitatorIdOf(`${seed}/${address}`)];
    const asked = { startBlock: null, isSmartAccount: false, reason: 'simulated' };
    const input = { walletId, network: world.chain.network, address, label: 'Safe', ...asked };
    try {
      const added = await addWallet(deps, caller, input);
      if (added.kind === 'ok') this.ownWallets.push(address);
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) this.unexpected('adding a wallet', error);
    }
  }

  // Schedules

  private async sweep(loses: Loss | null = null): Promise<void> {
    await this.schedule(loses, async (deps) => {
      await sweepAttempts(deps, await this.world.sweepLease());
    });
  }

  private async resolve(loses: Loss | null = null): Promise<void> {
    await this.world.db.rows(
      `update attempts set check_at = now() - interval '1 second' where status in ('submitted', 'unknown')`,
    );
    await this.schedule(loses, async (deps) => {
      await resolveUnknown(deps, await this.world.sweepLease());
    });
  }

  private async expire(loses: Loss | null = null): Promise<void> {
    await this.schedule(loses, async (deps) => {
      await expireIntents(deps, await this.world.sweepLease());
    });
  }

  private async schedule(loses: Loss | null, run: (deps: WorkerDeps) => Promise<void>): Promise<void> {
    await this.lapseLeases();
    this.workerCommits.plan(loses);
    try {
      await run(this.indexers[0].deps);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) this.unexpected('a schedule', error);
    }
    this.workerCommits.plan(null);
  }

  private async tell(dies: FailpointName | null, isRefused: boolean): Promise<void> {
    await this.lapseLeases();
    const died = await this.teller.tell(dies, isRefused);
    if (died !== null) this.count(`crash: ${died}`);
  }

  private async payLate(): Promise<void> {
    const failed = await this.world.db.rows<{ nonce: Buffer }>(
      `select nonce from attempts where status = 'failed' and sent_at is not null
         and reason in ('authorization_expired', 'authorization_canceled', 'nonce_spent_elsewhere')`,
    );
    const nonces = new Set(failed.map(({ nonce }) => `0x${nonce.toString('hex')}`));
    for (const { purchase } of this.deals) {
      const { authorization } = purchase.presented;
      if (!nonces.has(authorization.nonce)) continue;
      this.count('transfer: late');
      this.late.add(signedKey(authorization.from, authorization.nonce));
      this.world.chain.submit(this.tx(forcedAction(authorization)));
    }
    if (this.late.size === 0) return;
    this.mine(this.script.setup.finalLag + this.script.setup.confirmDepth + 2);
    await this.index();
  }

  // Processes

  private mutated(gate: Gate): Gate {
    const { store } = gate.deps;
    const inBook: typeof store.inBook = (bookId, work) =>
      this.gateCommits.carry((within) => store.inBook(bookId, within), work);
    const changeIntent: typeof store.changeIntent = (key, work) =>
      this.gateCommits.carry((within) => store.changeIntent(key, within), work);
    const claim: typeof store.claim = (input) =>
      this.gateCommits.carry<void, Awaited<ReturnType<typeof store.claim>>>(
        (within) => within(),
        () => store.claim(input),
      );
    const deps = { ...gate.deps, store: { ...store, inBook, changeIntent, claim } };
    return { ...gate, deps: this.mutant?.gate?.(deps, this.world) ?? deps };
  }

  private newIndexer(): Indexer {
    const { db, parts } = this.world;
    const crashes = new CrashPlan();
    const deps = newWorker(db, parts, crashes);
    const sweep = { ...deps.sweep, nowMs: async () => (await deps.sweep.nowMs()) + dbAheadMs };
    const underLease: typeof deps.store.underLease = (lease, work) =>
      this.workerCommits.carry((within) => deps.store.underLease(lease, within), work);
    const store = { ...deps.store, underLease };
    const honest = withChainTx({ ...deps, sweep, store }, (tx) => ({
      saveCursor: (cursor) => {
        this.onCursor(cursor);
        return tx.saveCursor(cursor);
      },
    }));
    return { deps: this.mutant?.worker?.(honest, this.world) ?? honest, crashes };
  }

  private stepClock(seconds: number): void {
    const room = Math.max(-25, Math.min(25, this.clockSeconds + seconds)) - this.clockSeconds;
    this.clockSeconds += room;
    this.world.parts.clock.advance(room * 1000);
  }

  private unexpected(who: string, error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const place = stack?.split('\n').find((line) => line.includes('/src/')) ?? '';
    this.violate('no bug', `${who} failed: ${message}${cause}${place.replace(/\(.*\/(libs|apps)/, '($1')}`);
  }

  private tx(...actions: Parameters<typeof txOf> extends [string, ...infer Rest] ? Rest : never) {
    return txOf(`${this.world.parts.seed}/${this.next()}`, ...actions);
  }

  private next(): number {
    this.drawn += 1;
    return this.drawn;
  }
}

/** Whether a worker waits for something, and comes again. */
function isWaiting(error: unknown): boolean {
  return error instanceof ChainUnavailable || error instanceof LeaseLost || error instanceof StoreUnavailable;
}
