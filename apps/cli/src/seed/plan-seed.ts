/** What becomes of one payment that the seed makes. */
export type SeedKind = 'paid' | 'poor' | 'forged' | 'broken' | 'underpaid' | 'outdated';

export type SeedStep = {
  readonly kind: SeedKind;
  /** Which of the shop's endpoints. */
  readonly endpoint: number;
  /** Which of the buyers. */
  readonly buyer: number;
  readonly version: 1 | 2;
};

const seedBuyersMax = 40;

/** How many buyers share so many payments: a few buy often, and no address buys everything. */
export function seedBuyers(payments: number): number {
  return Math.max(1, Math.min(seedBuyersMax, Math.ceil(payments / 5)));
}

/**
 * What is bought by whom, always the same for the same number: most payments go well, some meet a wallet without money,
 * a signature that is not the payer's, or an upstream that fails; some offer less than the price, or what has run out.
 * Transfers that fit no payment come beside them.
 */
export function planSeed(payments: number, endpoints: number): readonly SeedStep[] {
  const buyers = seedBuyers(payments);
  const random = randomOf(payments);
  return Array.from({ length: payments }, (_, at) => ({
    kind: kinds.find(({ every, first }) => at % every === first)?.kind ?? 'paid',
    // The square makes the first of each far more frequent than the last, as in life.
    endpoint: Math.floor(random() ** 2 * endpoints),
    buyer: Math.floor(random() ** 2 * buyers),
    version: random() < 0.25 ? 1 : 2,
  }));
}

/** How much money nobody can explain comes with so many payments. */
export function strayTransfers(payments: number): number {
  return Math.min(20, Math.ceil(payments / 100));
}

/** How many payments of each sort get money that came by itself, given to them by hand. */
export function handLinks(payments: number): number {
  return Math.min(3, Math.floor(payments / 50));
}

const kinds = [
  { kind: 'poor', every: 25, first: 7 },
  { kind: 'forged', every: 50, first: 23 },
  { kind: 'broken', every: 40, first: 11 },
  { kind: 'underpaid', every: 60, first: 29 },
  { kind: 'outdated', every: 75, first: 45 },
] as const;

/** The same numbers for the same seed: a linear congruence is random enough for a shop window. */
function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 4_294_967_296;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
