import type { FailpointName } from '@tollbook/usecases';
import type { Loss } from './lost-commits.js';
import { Random } from './random.js';

/** Who dies at a failpoint. A failpoint that is new has no place here, so that it cannot be left uncovered. */
export const placeOf = {
  claim_committed: 'gate',
  payment_verified: 'gate',
  upstream_answered: 'gate',
  submitting_open: 'gate',
  submitting_committed: 'gate',
  settlement_sent: 'gate',
  answer_sent: 'gate',
  served_open: 'gate',
  served_committed: 'gate',
  scan_read: 'indexer',
  scan_written: 'indexer',
  scan_committed: 'indexer',
  reconcile_allocated: 'indexer',
  reconcile_numbered: 'indexer',
  reconcile_posted: 'indexer',
  reconcile_committed: 'indexer',
  final_posted: 'indexer',
  final_committed: 'indexer',
  relay_open: 'teller',
  deliver_open: 'teller',
  delivery_leased: 'teller',
  delivery_answered: 'teller',
  delivery_recorded: 'teller',
} as const satisfies Record<FailpointName, 'gate' | 'indexer' | 'teller'>;

export type Place = (typeof placeOf)[FailpointName];

function failpointsOf(place: Place): readonly FailpointName[] {
  return (Object.keys(placeOf) as FailpointName[]).filter((name) => placeOf[name] === place);
}

/** What a node says that is not so, or how it does not say anything. */
export const lieKinds = [
  /** Does not answer one call: it hangs until its time is up. */
  'silent',
  /** Stands some blocks below the chain. */
  'lags',
  /** A balancer: every other call is answered by a node that lags. */
  'mixes',
  /** A balancer: from one call on, for some calls, a node on another fork answers. */
  'other_fork',
  /** Tells a head that it cannot show. */
  'boasts',
  /** Leaves out the newest headers of an answer. */
  'half',
  /** Tells headers that do not follow on one another. */
  'unlinked',
  /** Tells every log twice, and in the wrong order. */
  'repeats',
  /** Tells logs of other tokens and of other wallets. */
  'foreign',
  /** Takes back what it called final. */
  'old_final',
] as const;
export type LieKind = (typeof lieKinds)[number];
export type Lie = { readonly kind: LieKind; readonly at: number; readonly size: number };

/** What becomes of a payment that was sent. */
export const sendKinds = [
  'settled',
  'timeout_after_broadcast',
  'timeout_unsent',
  'refused_then_broadcast',
  'answered_then_lost',
  'other_tx_hash',
  'late_broadcast',
] as const;
export type SendKind = (typeof sendKinds)[number];

export const giftKinds = ['some', 'dust', 'zero', 'huge', 'wrong_asset', 'from_own', 'to_itself', 'out'] as const;
export type GiftKind = (typeof giftKinds)[number];

/** How somebody looks at the chain: which worker, what the node says, where the worker dies. */
export type Reading = {
  readonly steps: 'none' | 'scan' | 'reconcile' | 'index';
  readonly worker: 0 | 1;
  readonly lie: Lie | null;
  readonly dies: FailpointName | null;
  /** The queue gave the job to two workers. */
  readonly isDoubled: boolean;
  /** At this call to the node the worker stops, another takes its lease and goes on, and then it wakes. */
  readonly overtakenAt: number | null;
  /** At this call to the node a wallet is added. */
  readonly walletAt: number | null;
  readonly loses: Loss | null;
};

/** One thing that happens to a world. Plain data: a list of them is kept when it has found something. */
export type Happening =
  | {
      readonly kind: 'pay';
      readonly payer: number;
      /** Which of the offers that were kept; a fresh one where null. */
      readonly offer: number | null;
      readonly copies: number;
      readonly gates: 1 | 2;
      readonly send: SendKind;
      readonly dies: FailpointName | null;
      /** Whether the others go on when one gate is dead, or their buyer leaves. */
      readonly isPatient: boolean;
      readonly upstream: 'sunny' | 'fails';
      readonly isRead: boolean;
      /** The transaction of the gate that is lost, or whose answer is. */
      readonly loses: Loss | null;
    }
  | { readonly kind: 'quote' }
  | { readonly kind: 'retry'; readonly which: number; readonly isOther: boolean; readonly dies: FailpointName | null }
  | { readonly kind: 'gift'; readonly gift: GiftKind; readonly size: number; readonly wallet: number }
  | {
      readonly kind: 'stranger';
      readonly which: number;
      readonly deed: 'broadcasts' | 'spends_elsewhere' | 'cancels' | 'again';
    }
  | { readonly kind: 'open' }
  | { readonly kind: 'transfer'; readonly which: number; readonly delta: number; readonly copies: number }
  | { readonly kind: 'mine'; readonly blocks: number; readonly skipSeconds: number; readonly read: Reading }
  | {
      readonly kind: 'reorg';
      readonly depth: number;
      readonly regrows: number;
      /** What of the lost transactions comes back, and where. */
      readonly keeps: 'all' | 'half' | 'none' | 'reversed' | 'later';
      readonly read: Reading;
    }
  | { readonly kind: 'read'; readonly read: Reading }
  | { readonly kind: 'sweep'; readonly laterMs: number; readonly loses: Loss | null }
  | { readonly kind: 'resolve'; readonly loses: Loss | null }
  | { readonly kind: 'expire'; readonly loses: Loss | null }
  | { readonly kind: 'price'; readonly price: number }
  | { readonly kind: 'clock'; readonly seconds: number }
  | { readonly kind: 'tell'; readonly dies: FailpointName | null; readonly isRefused: boolean };

export type Setup = {
  readonly finalLag: number;
  readonly blockSeconds: number;
  readonly confirmDepth: number;
  readonly settleMode: 'after' | 'before';
  readonly settler: 'built_in' | 'remote';
  /** Either strangers broadcast what buyers signed, or invoices are paid by plain transfers. */
  readonly theme: 'strangers' | 'transfers';
  /** Whether, when all is done, what was proved to have failed is paid all the same. */
  readonly endsLate: boolean;
  /** Where the worker dies in the end, once more. */
  readonly endDies: FailpointName | null;
  /** Whether the chain in the end changes what it called final. */
  readonly endsBelow: boolean;
  /** Whether nothing is served that is not seen in a block. */
  readonly isCautious: boolean;
};

export type Script = { readonly seed: number; readonly setup: Setup; readonly happenings: readonly Happening[] };

/** What happens in the world of a seed. */
export function drawScript(seed: number): Script {
  const random = new Random(seed);
  const [finalLag, depths] = random.weighted([
    [12, [12, [1, 3]] as const],
    [5, [30, [1, 3, 20]] as const],
    [3, [90, [3, 20, 65]] as const],
    [1, [1_050, [65, 1_000]] as const],
  ]);
  const setup: Setup = {
    finalLag,
    // A long chain is mined at once: its clock stands still meanwhile, or all that is signed would be over.
    blockSeconds: finalLag > 100 ? 0 : 2,
    confirmDepth: random.pick([0, 1, 2, 2, 5]),
    settleMode: random.pick(['after', 'after', 'before']),
    settler: random.pick(['built_in', 'built_in', 'remote']),
    theme: random.pick(['strangers', 'transfers']),
    endsLate: finalLag < 100 && random.chance(0.3),
    endDies: random.chance(0.6) ? random.pick(failpointsOf('indexer')) : null,
    endsBelow: finalLag < 100 && random.chance(0.1),
    isCautious: random.chance(0.12),
  };
  const happenings: Happening[] = [];
  const count = random.int(8, 24);
  while (happenings.length < count) happenings.push(drawHappening(random, setup, depths));
  if (!happenings.some(({ kind }) => kind === 'pay')) happenings.unshift(drawPay(random));
  return { seed, setup, happenings };
}

const seldom = 0.25;

function drawHappening(random: Random, setup: Setup, depths: readonly number[]): Happening {
  const isStrange = setup.theme === 'strangers';
  const kind = random.weighted<Happening['kind']>([
    [20, 'pay'],
    [3, 'quote'],
    [8, 'retry'],
    [7, 'gift'],
    [isStrange ? 6 : 0, 'stranger'],
    [isStrange ? 0 : 5, 'open'],
    [isStrange ? 0 : 7, 'transfer'],
    [20, 'mine'],
    [14, 'reorg'],
    [5, 'read'],
    [7, 'sweep'],
    [3, 'resolve'],
    [3, 'expire'],
    [3, 'price'],
    [2, 'clock'],
    [6, 'tell'],
  ]);
  switch (kind) {
    case 'pay':
      return drawPay(random);
    case 'quote':
    case 'open':
      return { kind };
    case 'resolve':
    case 'expire':
      return { kind, loses: drawLoss(random) };
    case 'retry': {
      const dies = random.chance(0.1) ? random.pick(failpointsOf('gate')) : null;
      return { kind, which: random.int(0, 9), isOther: random.chance(0.2), dies };
    }
    case 'gift':
      return { kind, gift: random.pick(giftKinds), size: random.int(1, 9), wallet: random.int(0, 2) };
    case 'stranger':
      return {
        kind,
        which: random.int(0, 9),
        deed: random.pick(['broadcasts', 'spends_elsewhere', 'cancels', 'again']),
      };
    case 'transfer':
      return { kind, which: random.int(0, 4), delta: random.pick([0, 0, 0, -1, 1]), copies: random.pick([1, 1, 2]) };
    case 'mine': {
      const skipSeconds = random.weighted([
        [14, 0],
        [2, random.int(1, 15)],
        [1, 130],
        [0.7, 450],
      ]);
      return { kind, blocks: random.int(1, 5), skipSeconds, read: drawReading(random) };
    }
    case 'reorg': {
      const keeps = random.pick(['all', 'all', 'half', 'none', 'reversed', 'later'] as const);
      const depth = random.chance(0.4) ? random.pick(depths) : random.int(1, 9);
      return { kind, depth, regrows: depth + random.int(-2, 3), keeps, read: drawReading(random) };
    }
    case 'read':
      return { kind, read: drawReading(random) };
    case 'sweep':
      return { kind, laterMs: random.pick([0, 12_000, 31_000, 75_000, -5_000]), loses: drawLoss(random) };
    case 'price':
      return { kind, price: random.pick([8_000, 10_000, 12_345]) };
    case 'clock':
      return { kind, seconds: random.int(-20, 20) };
    case 'tell': {
      const dies = random.chance(0.4) ? random.pick(failpointsOf('teller')) : null;
      return { kind, dies, isRefused: random.chance(0.3) };
    }
  }
}

function drawPay(random: Random): Happening {
  const send = random.chance(0.45) ? 'settled' : random.pick(sendKinds);
  return {
    kind: 'pay',
    payer: random.int(0, 4),
    offer: random.chance(0.15) ? random.int(0, 9) : null,
    copies: random.weighted([
      [6, 1],
      [2, 2],
      [1, 3],
    ]),
    gates: random.chance(0.3) ? 2 : 1,
    send,
    dies: random.chance(0.35) ? random.pick(failpointsOf('gate')) : null,
    isPatient: random.chance(0.5),
    upstream: random.chance(0.08) ? 'fails' : 'sunny',
    isRead: random.chance(0.9),
    loses: random.chance(0.15) ? drawLoss(random) : null,
  };
}

function drawLoss(random: Random): Loss | null {
  return random.chance(0.7) ? { at: random.int(1, 3), when: random.pick(['before', 'after']) } : null;
}

function drawReading(random: Random): Reading {
  const steps = random.pick(['none', 'scan', 'reconcile', 'index', 'index', 'index', 'index'] as const);
  const isQuiet = steps === 'none';
  const draw = <T>(probability: number, value: () => T): T | null => {
    return !isQuiet && random.chance(probability) ? value() : null;
  };
  return {
    steps,
    worker: random.chance(0.7) ? 0 : 1,
    lie: draw(seldom, () => ({ kind: random.pick(lieKinds), at: random.int(1, 8), size: random.int(1, 4) })),
    dies: draw(seldom, () => random.pick(failpointsOf('indexer'))),
    isDoubled: !isQuiet && random.chance(0.1),
    overtakenAt: draw(0.08, () => random.int(1, 6)),
    walletAt: draw(0.05, () => random.int(1, 6)),
    loses: draw(0.1, () => drawLoss(random)),
  };
}
