import { type ExposureCaps, isOverExposed } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { GateEndpoint } from './ports/gate-config-store.js';
import type { PaymentStore } from './ports/payment-store.js';
import type { AttemptFacts } from './ports/records.js';

type Sums = { readonly readAtMs: number; readonly atomic: Map<string, bigint> };
type Payment = Pick<AttemptFacts, 'bookId' | 'payer' | 'assetId' | 'amountAtomic'>;
type SoldAt = Pick<GateEndpoint, 'endpointId' | 'caps'>;

/**
 * What of a book's money was sent and is not confirmed, read once a second and counted on in between, so that no payment
 * waits for a statement of its own. Processes see one another's payments within that second.
 */
export class ExposureGauge {
  private readonly books = new Map<number, Promise<Sums>>();

  constructor(
    private readonly store: Pick<PaymentStore, 'exposure'>,
    private readonly catalog: Catalog,
    private readonly caps: ExposureCaps,
    private readonly keptMs = 1_000,
  ) {}

  /** Whether one more payment stays within the caps; one that does is counted from now on. */
  async takes(payment: Payment, endpoint: SoldAt): Promise<boolean> {
    const { atomic } = await this.sums(payment.bookId);
    if (this.isOver(atomic, payment, endpoint, payment.amountAtomic)) return false;
    const { payer, assetId } = payment;
    for (const key of keysOf({ payer, assetId, endpointId: endpoint.endpointId }))
      atomic.set(key, (atomic.get(key) ?? 0n) + payment.amountAtomic);
    return true;
  }

  /** Whether what was sent is over a cap, this payment with it. */
  async isPassedWith(sent: Payment, endpoint: SoldAt): Promise<boolean> {
    return this.isOver((await this.sums(sent.bookId)).atomic, sent, endpoint, 0n);
  }

  private isOver(
    atomic: ReadonlyMap<string, bigint>,
    { payer, assetId }: Payment,
    { endpointId, caps }: SoldAt,
    amountAtomic: bigint,
  ): boolean {
    const sumOf = (key: string) => atomic.get(key) ?? 0n;
    const now = {
      payerAtomic: sumOf(payerKey(assetId, payer)),
      endpointAtomic: sumOf(endpointKey(assetId, endpointId)),
      totalAtomic: sumOf(totalKey(assetId)),
    };
    const within = { ...this.caps, perEndpoint: caps.exposureMax ?? this.caps.perEndpoint };
    return isOverExposed(now, amountAtomic, within, assetOf(this.catalog, assetId).decimals);
  }

  private async sums(bookId: number): Promise<Sums> {
    const newest = this.books.get(bookId);
    const known = await newest?.catch(() => undefined);
    if (known && Date.now() - known.readAtMs < this.keptMs) return known;
    // Many may have found it old at once: the first of them reads, and the others wait for that.
    const begun = this.books.get(bookId);
    if (begun !== undefined && begun !== newest) return begun;
    const reading = this.read(bookId);
    this.books.set(bookId, reading);
    return reading;
  }

  private async read(bookId: number): Promise<Sums> {
    const readAtMs = Date.now();
    const atomic = new Map<string, bigint>();
    for (const { payer, assetId, endpointId, amountAtomic } of await this.store.exposure(bookId)) {
      for (const key of keysOf({ payer, assetId, endpointId })) atomic.set(key, (atomic.get(key) ?? 0n) + amountAtomic);
    }
    return { readAtMs, atomic };
  }
}

/** A stored intent may belong to no endpoint; then there is none whose cap it could pass. */
type Counted = Pick<Payment, 'payer' | 'assetId'> & { readonly endpointId: string | null };

function keysOf({ payer, assetId, endpointId }: Counted): string[] {
  const keys = [payerKey(assetId, payer), totalKey(assetId)];
  return endpointId === null ? keys : [...keys, endpointKey(assetId, endpointId)];
}

const payerKey = (assetId: number, payer: string) => `${assetId}/payer/${payer}`;
const endpointKey = (assetId: number, endpointId: string) => `${assetId}/endpoint/${endpointId}`;
const totalKey = (assetId: number) => `${assetId}`;
