import type { PaymentTx } from '@tollbook/usecases';
import type { PgPaymentTx } from './pg-payment-tx.js';
import { shareTx } from './share-tx.js';

/**
 * Runs several changes in one dbTx, each of another intent. To each it looks like a dbTx of its own; what all of them ask
 * for at the same step goes to the database as one statement, so a batch takes about as many as one change does. When
 * one fails it rejects, and with it all: the caller rolls back.
 */
export async function runTogether(
  tx: PgPaymentTx,
  changes: readonly ((tx: PaymentTx) => Promise<void>)[],
): Promise<void> {
  const [first, ...others] = changes;
  if (first !== undefined && others.length === 0) return first(tx);
  /** Those that neither wait for the database nor are done. */
  let running = changes.length;
  let isStepping = false;
  let failure: { readonly error: unknown } | undefined;

  const fail = (error: unknown) => {
    failure ??= { error };
    for (const step of steps) step.fail(failure.error);
  };
  const onCall = () => {
    running -= 1;
    stepOn();
  };
  const { shared, steps } = shareTx(tx, onCall);
  const stepOn = () => {
    if (failure) return fail(failure.error);
    if (running > 0 || isStepping || steps.every((step) => step.isEmpty)) return;
    isStepping = true;
    void step();
  };
  const step = async () => {
    try {
      const answered = [];
      for (const each of steps) answered.push(await each.take());
      isStepping = false;
      running += answered.reduce((sum, { count }) => sum + count, 0);
      for (const { tell } of answered) tell();
    } catch (error) {
      isStepping = false;
      fail(error);
    }
  };
  const run = async (change: (tx: PaymentTx) => Promise<void>) => {
    try {
      await change(shared);
    } catch (error) {
      fail(error);
    }
    running -= 1;
    stepOn();
  };
  await Promise.all(changes.map(run));
  if (failure) throw failure.error;
}
