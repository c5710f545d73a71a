/** How many payments may be under way at once, and how many more may wait, for how long. */
export type SlotLimits = {
  readonly perLane: number;
  readonly perPayer: number;
  readonly waitersPerLane: number;
  readonly waitersPerPayer: number;
  readonly waitMs: number;
};

const limitsDefault: SlotLimits = {
  perLane: 512,
  perPayer: 128,
  waitersPerLane: 1_024,
  waitersPerPayer: 256,
  waitMs: 10_000,
};

type Waiter = { readonly go: (release: () => void) => void };
type Payer = { running: number; readonly waiting: Waiter[] };
type Lane = { running: number; waiting: number; readonly payers: Map<string, Payer> };

/**
 * Places for payments on their way to being settled, taken before anything is claimed. A lane is what they share: one
 * book's signer, or one facilitator. However many slow payments one payer brings, the others find room; where many
 * payers fill a lane, they are let in by turns, and whoever waits too long is told before anything happened (A10).
 */
export class SettleSlots {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: SlotLimits = limitsDefault) {}

  /** Resolves to what gives the place back, to be called once; null where there is none in time. */
  async take(lane: string, payer: string, signal: AbortSignal): Promise<(() => void) | null> {
    if (this.hasPlace(lane, payer)) return this.enter(lane, payer);
    const { waitersPerLane, waitersPerPayer, waitMs } = this.limits;
    const entry = this.laneOf(lane);
    const own = payerOf(entry, payer);
    if (entry.waiting >= waitersPerLane || own.waiting.length >= waitersPerPayer || signal.aborted) {
      this.forget(lane, payer);
      return null;
    }
    return new Promise((resolve) => {
      const end = (release: (() => void) | null) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        entry.waiting -= 1;
        resolve(release);
      };
      const waiter: Waiter = { go: end };
      const giveUp = () => {
        own.waiting.splice(own.waiting.indexOf(waiter), 1);
        end(null);
        this.forget(lane, payer);
      };
      const timer = setTimeout(giveUp, waitMs);
      signal.addEventListener('abort', giveUp);
      entry.waiting += 1;
      own.waiting.push(waiter);
    });
  }

  private hasPlace(lane: string, payer: string): boolean {
    const { running = 0, payers } = this.lanes.get(lane) ?? {};
    const own = payers?.get(payer);
    return running < this.limits.perLane && (own?.running ?? 0) < this.limits.perPayer && !own?.waiting.length;
  }

  private enter(lane: string, payer: string): () => void {
    const entry = this.laneOf(lane);
    const own = payerOf(entry, payer);
    entry.running += 1;
    own.running += 1;
    return () => {
      entry.running -= 1;
      own.running -= 1;
      this.letNextIn(lane, entry);
      this.forget(lane, payer);
    };
  }

  /** By turns: whoever was let in stands behind all others who wait. */
  private letNextIn(lane: string, entry: Lane): void {
    for (const [payer, own] of entry.payers) {
      if (entry.running >= this.limits.perLane) return;
      if (own.waiting.length === 0 || own.running >= this.limits.perPayer) continue;
      const waiter = own.waiting.shift();
      entry.payers.delete(payer);
      entry.payers.set(payer, own);
      waiter?.go(this.enter(lane, payer));
      return;
    }
  }

  private laneOf(lane: string): Lane {
    const entry = this.lanes.get(lane) ?? { running: 0, waiting: 0, payers: new Map() };
    this.lanes.set(lane, entry);
    return entry;
  }

  /** Nothing is kept of whom nothing is under way. */
  private forget(lane: string, payer: string): void {
    const entry = this.lanes.get(lane);
    const own = entry?.payers.get(payer);
    if (own && own.running === 0 && own.waiting.length === 0) entry?.payers.delete(payer);
    if (entry?.payers.size === 0) this.lanes.delete(lane);
  }

  /** How many lanes are kept in memory. */
  get size(): number {
    return this.lanes.size;
  }
}

function payerOf(lane: Lane, payer: string): Payer {
  const own = lane.payers.get(payer) ?? { running: 0, waiting: [] };
  lane.payers.set(payer, own);
  return own;
}
