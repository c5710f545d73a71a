import { StoreUnavailable } from '@tollbook/usecases';

/** When a connection breaks: before its transaction commits, or after, while the answer is on its way. */
export type Loss = { readonly at: number; readonly when: 'before' | 'after' };

/** Transactions of one process, one of which is lost, or only its answer. */
export class LostCommits {
  private loss: Loss | null = null;
  private count = 0;
  /** How many were lost. */
  lost = 0;

  plan(loss: Loss | null): void {
    this.loss = loss;
    this.count = 0;
  }

  /** Carries out a transaction; `work` runs inside of it. */
  async carry<Tx, T>(begin: (work: (tx: Tx) => Promise<T>) => Promise<T>, work: (tx: Tx) => Promise<T>): Promise<T> {
    this.count += 1;
    const { loss } = this;
    if (loss?.at !== this.count) return begin(work);
    this.lost += 1;
    if (loss.when === 'before') {
      return begin(async (tx) => {
        await work(tx);
        throw new StoreUnavailable('the connection broke before the commit');
      });
    }
    await begin(work);
    throw new StoreUnavailable('the connection broke after the commit');
  }
}
