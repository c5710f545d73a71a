import { type FakeChain, type ScriptedSettlement, testAsset } from '@tollbook/testing';
import {
  type ChainReader,
  type ChainTx,
  ChainUnavailable,
  type PaymentTx,
  type PurchaseDeps,
  type WorkerDeps,
} from '@tollbook/usecases';
import type { PaymentWorld } from '../payment-world.js';
import { facilitatorIdOf } from './simulated-facilitators.js';

/** A bug that is put into a world from outside: around its ports, or into its database. The product knows of none. */
export type Mutant = {
  readonly name: string;
  readonly worker?: (deps: WorkerDeps, world: PaymentWorld) => WorkerDeps;
  readonly gate?: (deps: PurchaseDeps, world: PaymentWorld) => PurchaseDeps;
  readonly reader?: (reader: ChainReader, chain: FakeChain) => ChainReader;
  readonly settlement?: (settlement: ScriptedSettlement) => void;
  /** Each try of a delivery has an id of its own. */
  readonly forgetsEventIds?: boolean;
  /** Put into the database, and taken out of it. */
  readonly sql?: { readonly begin: string; readonly end: string };
};

/** The dbTx of every step of the worker with some of its methods replaced. */
export function withChainTx(deps: WorkerDeps, change: (tx: ChainTx) => Partial<ChainTx>): WorkerDeps {
  const { store } = deps;
  const underLease: typeof store.underLease = (lease, work) =>
    store.underLease(lease, (tx) => work(Object.assign(Object.create(tx), change(tx)) as ChainTx));
  return { ...deps, store: { ...store, underLease } };
}

/** The same for whatever a gate changes of a payment. */
function withGateTx(deps: PurchaseDeps, change: (tx: PaymentTx) => Partial<PaymentTx>): PurchaseDeps {
  const { store } = deps;
  const replaced = (tx: PaymentTx): PaymentTx => Object.assign(Object.create(tx), change(tx));
  const inBook: typeof store.inBook = (bookId, work) => store.inBook(bookId, (tx) => work(replaced(tx)));
  const changeIntent: typeof store.changeIntent = (key, work) => store.changeIntent(key, (tx) => work(replaced(tx)));
  return { ...deps, store: { ...store, inBook, changeIntent } };
}

function withTransfers(
  reader: ChainReader,
  change: (told: Awaited<ReturnType<ChainReader['transfers']>>) => Awaited<ReturnType<ChainReader['transfers']>>,
): ChainReader {
  return { ...reader, transfers: async (query) => change(await reader.transfers(query)) };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'skips the reversal of an entry',
    worker: (deps) =>
      withChainTx(deps, (tx) => ({
        appendEntries: (drafts) => tx.appendEntries(drafts.filter(({ entry }) => !entry.kind.endsWith('_reversed'))),
      })),
  },
  {
    name: 'leaves orphaned transfers where they were',
    worker: (deps) => withChainTx(deps, () => ({ orphanTransfersAbove: async () => [] })),
  },
  {
    name: 'trusts an empty answer of a node that lags',
    reader: (reader) => {
      let asked = 0;
      const transfers: ChainReader['transfers'] = async (query) => {
        asked += 1;
        if (asked % 4 !== 0) return reader.transfers(query);
        const [end] = await reader.headers([query.toNumber]);
        if (!end) throw new ChainUnavailable(reader.network, 'no such block');
        return { transfers: [], end };
      };
      return { ...reader, transfers };
    },
  },
  {
    name: 'forgets the fence of its lease',
    worker: (deps, world) => {
      const { store } = deps;
      const underLease: typeof store.underLease = async (lease, work) => {
        const [held] = await world.db.rows<{ fence: string }>('select fence::text from leases where name = $1', [
          lease.name,
        ]);
        return store.underLease({ ...lease, fence: BigInt(held?.fence ?? lease.fence) }, work);
      };
      return { ...deps, store: { ...store, underLease } };
    },
  },
  {
    name: 'releases a key after its payment was sent',
    gate: (deps) =>
      withGateTx(deps, (tx) => ({
        saveAttempts: async (changes) => {
          const saved = await tx.saveAttempts(changes);
          const doubtful = changes.filter(({ next }) => next.status === 'unknown');
          if (doubtful.length > 0) await tx.releaseReplayKeys(doubtful.map(({ next }) => next));
          return saved;
        },
      })),
  },
  {
    name: 'allocates a transfer twice',
    worker: (deps) =>
      withChainTx(deps, (tx) => ({
        insertAllocations: (allocations) =>
          tx.insertAllocations([
            ...allocations,
            ...allocations.map((each) => ({
              ...each,
              allocationId: facilitatorIdOf(each.allocationId),
              leg: each.leg + 100,
            })),
          ]),
      })),
  },
  {
    name: 'drops the event of a confirmation',
    worker: (deps) =>
      withChainTx(deps, (tx) => ({
        addEvents: (events) => tx.addEvents(events.filter(({ type }) => type !== 'payment_intent.confirmed')),
      })),
  },
  {
    name: 'forgets that an event rises the sequence',
    gate: (deps) =>
      withGateTx(deps, (tx) => ({
        saveIntents: (intents) => tx.saveIntents(intents.map((each) => ({ ...each, sequence: each.sequence - 1 }))),
      })),
  },
  {
    name: 'confirms one block too early',
    worker: (deps) => ({
      ...deps,
      catalog: {
        ...deps.catalog,
        networks: deps.catalog.networks.map((each) => ({ ...each, confirmDepth: (each.confirmDepth ?? 0) - 1 })),
      },
    }),
  },
  {
    name: 'counts sums elsewhere than in the transaction of the entries',
    sql: {
      begin: `create function lose_sums() returns trigger language plpgsql as 'begin return null; end';
        create trigger lose_sums before insert or update on rollup_days for each row execute function lose_sums()`,
      end: 'drop trigger lose_sums on rollup_days; drop function lose_sums()',
    },
  },
  {
    name: 'does not compare the fingerprint of a replay',
    gate: (deps) => {
      const { store } = deps;
      const claim: typeof store.claim = async (input) => {
        const result = await store.claim(input);
        if (result.kind !== 'existing') return result;
        const { requestFingerprint } = input.attempt;
        return { ...result, attempt: { ...result.attempt, requestFingerprint } };
      };
      return { ...deps, store: { ...store, claim } };
    },
  },
  {
    name: 'saves the cursor apart from the rows',
    worker: (deps) => {
      const { store } = deps;
      return withChainTx(deps, (tx) => ({
        saveCursor: (cursor) => store.underLease(tx.lease, (own) => own.saveCursor(cursor)),
      }));
    },
  },
  {
    name: 'sends before it commits',
    settlement: (settlement) => {
      const { prepare } = settlement;
      settlement.prepare = async (signed) => {
        const prepared = await prepare(signed);
        return {
          ...prepared,
          sign: async (gasNonce) => {
            const tx = await prepared.sign(gasNonce);
            await settlement.send(tx.signedTx);
            return tx;
          },
        };
      };
    },
  },
  {
    name: 'takes time gone by for a proof',
    worker: (deps) => ({
      ...deps,
      readerOf: (network) => {
        const reader = deps.readerOf(network);
        if (!reader) return undefined;
        const headers: ChainReader['headers'] = async (numbers) => {
          const told = await reader.headers(numbers);
          if (numbers.length > 1) return told;
          return told.map((each) => each && { ...each, timeUnixSeconds: each.timeUnixSeconds + 10_000 });
        };
        return { ...reader, headers };
      },
    }),
  },
  {
    name: 'counts money as a double',
    reader: (reader) =>
      withTransfers(reader, ({ transfers, end }) => ({
        transfers: transfers.map((each) => ({ ...each, amountAtomic: BigInt(Number(each.amountAtomic)) })),
        end,
      })),
  },
  {
    name: 'takes any token for the one that counts',
    reader: (reader, chain) =>
      withTransfers(reader, ({ transfers, end }) => {
        const foreign = [...chain.upTo(end.hash)].flatMap((block) =>
          block.transfers.filter(({ contract }) => contract !== testAsset.contract),
        );
        return {
          transfers: [...transfers, ...foreign.map((each) => ({ ...each, contract: testAsset.contract }))],
          end,
        };
      }),
  },
  {
    name: 'draws an invoice number too many',
    worker: (deps) =>
      withChainTx(deps, (tx) => ({
        drawInvoiceNumbers: (wanted) =>
          tx.drawInvoiceNumbers(wanted.map((each) => ({ ...each, count: each.count + 1 }))),
      })),
  },
  { name: 'tells each try of a delivery under another id', forgetsEventIds: true },
];
