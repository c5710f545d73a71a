import type { GasSignerName, IntentKey, PaymentTx } from '@tollbook/usecases';
import { LeaseLost } from '@tollbook/usecases';
import { Gathered } from './gathered.js';
import type { PgPaymentTx } from './pg-payment-tx.js';

/** One kind of statement of a shared dbTx. */
export type SharedStep = Pick<Gathered<never, never>, 'isEmpty' | 'take' | 'fail'>;

/**
 * A dbTx for several changes at once: every call waits until its step is taken. Steps stand in the order in which a dbTx
 * locks and writes, so two batches never wait for one another in a circle.
 */
export function shareTx(
  tx: PgPaymentTx,
  onCall: () => void,
): { readonly shared: PaymentTx; readonly steps: readonly SharedStep[] } {
  const steps: SharedStep[] = [];
  const gather = <Args, Result>(answer: (all: readonly Args[]) => Promise<readonly Result[]>) => {
    const gathered = new Gathered<Args, Result>(answer, onCall);
    steps.push(gathered);
    return (args: Args) => gathered.call(args);
  };
  /** For lists that are written one after the other, and answer nothing. */
  const gatherList = <Item>(write: (items: readonly Item[]) => Promise<void>) =>
    gather<readonly Item[], void>(async (all) => {
      await write(all.flat());
      return all.map(() => undefined);
    });

  const lockIntents = gather<readonly IntentKey[], Awaited<ReturnType<PaymentTx['lockIntents']>>>(async (all) => {
    const found = new Map((await tx.lockIntents(all.flat())).map((intent) => [nameOf(intent), intent]));
    return all.map((keys) => keys.flatMap((key) => found.get(nameOf(key)) ?? []));
  });
  const drawGasNonce = gather((all: readonly GasSignerName[]) => tx.drawGasNonces(all));
  type Change = Parameters<PaymentTx['saveAttempts']>[0][number];
  const saveAttempts = gather<readonly Change[], number>(async (all) => {
    const changes = all.flat();
    // Whose row it was that has moved is found out when each is tried alone.
    if ((await tx.saveAttempts(changes)) < changes.length) throw new LeaseLost('an attempt of the batch was moved');
    return all.map((each) => each.length);
  });
  type Draft = Parameters<PaymentTx['openDiscrepancies']>[0][number];
  const openDiscrepancies = gather<readonly Draft[], readonly Draft[]>(async (all) => {
    const opened = new Set(await tx.openDiscrepancies(all.flat()));
    return all.map((drafts) => drafts.filter((draft) => opened.has(draft)));
  });
  type Closing = Parameters<PaymentTx['closeDiscrepancies']>;
  const closeDiscrepancies = gather<Closing, void>(async (all) => {
    for (const resolution of new Set(all.map(([, each]) => each))) {
      const keys = all.filter(([, each]) => each === resolution).flatMap(([each]) => each);
      await tx.closeDiscrepancies(keys, resolution);
    }
    return all.map(() => undefined);
  });
  type Wanted = Parameters<PaymentTx['drawInvoiceNumbers']>[0];
  type Drawn = Awaited<ReturnType<PaymentTx['drawInvoiceNumbers']>>;
  const drawInvoiceNumbers = gather<Wanted, Drawn>(async (all) => {
    const drawn: Drawn[] = [];
    for (const wanted of all) drawn.push(await tx.drawInvoiceNumbers(wanted));
    return drawn;
  });

  const shared: PaymentTx = {
    nowMs: tx.nowMs,
    lockIntents,
    drawGasNonce,
    saveAttempts,
    releaseReplayKeys: gatherList((keys) => tx.releaseReplayKeys(keys)),
    saveIntents: gatherList((intents) => tx.saveIntents(intents)),
    addEvents: gatherList((events) => tx.addEvents(events)),
    saveAnswers: gatherList((answers) => tx.saveAnswers(answers)),
    deleteAnswers: gatherList((keys) => tx.deleteAnswers(keys)),
    insertAllocations: gatherList((allocations) => tx.insertAllocations(allocations)),
    reverseAllocations: gatherList((keys) => tx.reverseAllocations(keys)),
    openDiscrepancies,
    closeDiscrepancies: (keys, resolution) => closeDiscrepancies([keys, resolution]),
    drawInvoiceNumbers,
    addRollups: gatherList((changes) => tx.addRollups(changes)),
    appendEntries: gatherList((drafts) => tx.appendEntries(drafts)),
  };
  return { shared, steps };
}

function nameOf({ bookId, intentId }: IntentKey): string {
  return `${bookId} ${intentId}`;
}
