import { type ExposureCaps, isOverExposed } from '@tollbook/domain';
import { assetOf, type Catalog } from './catalog.js';
import type { PaymentStore } from './ports/payment-store.js';
import type { AttemptFacts } from './ports/records.js';

type Sums = { readonly readAtMs: number; readonly atomic: Map<string, bigint> };
type Payment = Pick<AttemptFacts, 'bookId' | 'payer' | 'assetId' | 'amountAtomic'>;

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
  async takes(payment: Payment): Promise<boolean> {
    const { atomic } = await this.sums(payment.bookId);
    if (this.isOver(atomic, payment, payment.amountAtomic)) return false;
    for (const key of keysOf(payment)) atomic.set(key, (atomic.get(key) ?? 0n) + payment.amountAtomic);
    return true;
  }

  /** Whether what was sent is over a cap, this payment with it. */
  async isPassedWith(sent: Payment): Promise<boolean> {
    return this.isOver((await this.sums(sent.bookId)).atomic, sent, 0n);
  }

  private isOver(atomic: ReadonlyMap<string, bigint>, payment: Payment, amountAtomic: bigint): boolean {
    const [payerKey, totalKey] = keysOf(payment);
    const now = { payerAtomic: atomic.get(payerKey) ?? 0n, totalAtomic: atomic.get(totalKey) ?? 0n };
    return isOverExposed(now, amountAtomic, this.caps, assetOf(this.catalog, payment.assetId).decimals);
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
    for (const { payer, assetId, amountAtomic } of await this.store.exposure(bookId)) {
      for (const key of keysOf({ payer, assetId })) atomic.set(key, (atomic.get(key) ?? 0n) + amountAtomic);
    }
    return { readAtMs, atomic };
  }
}

function keysOf({ payer, assetId }: Pick<Payment, 'payer' | 'assetId'>): [payer: string, total: string] {
  return [`${assetId}/${payer}`, `${assetId}`];
}
