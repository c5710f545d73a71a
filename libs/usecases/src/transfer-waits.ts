/** Requests that are held until a transfer is seen: so many of one invoice, of one address, and in this process. */
export class TransferWaits {
  private readonly counts = new Map<string, number>();
  private total = 0;

  /** Takes a place for a request; null when too many are taken. Whoever has one gives it back by calling it, once. */
  enter(invoiceId: string, clientNet: string): (() => void) | null {
    const places = [
      [`invoice/${invoiceId}`, waitsPerInvoiceMax],
      [`net/${clientNet}`, waitsPerNetMax],
    ] as const;
    if (this.total >= waitsMax || places.some(([key, max]) => (this.counts.get(key) ?? 0) >= max)) return null;
    this.total += 1;
    for (const [key] of places) this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    return () => {
      this.total -= 1;
      for (const [key] of places) {
        const left = (this.counts.get(key) ?? 1) - 1;
        if (left === 0) this.counts.delete(key);
        else this.counts.set(key, left);
      }
    };
  }

  /** How many are held now. */
  get size(): number {
    return this.total;
  }
}

const waitsPerInvoiceMax = 8;
const waitsPerNetMax = 16;
const waitsMax = 128;
