import { randomUUID } from 'node:crypto';
import { FacilitatorPool } from '@tollbook/facilitator';
import { createOutboundClient } from '@tollbook/outbound';
import { type MockFacilitator, type MockOrder, startMockFacilitator } from '@tollbook/testing';
import { resolveUnknown } from '@tollbook/usecases';
import { afterEach, vi } from 'vitest';
import type { PaymentWorld } from './payment-world.js';

type RemoteChanges = {
  readonly position?: number;
  readonly verifiesFirst?: boolean;
  readonly trustsRefusals?: boolean;
};

/** Long enough for an answer over the loopback, short enough to wait for one that never comes. */
const settleTimeoutMs = 1_000;

/** Remote facilitators for worlds, over real HTTP; each broadcasts to its world's chain. */
export function useRemotes() {
  const closing: (() => Promise<void>)[] = [];
  const pools = new Map<PaymentWorld, FacilitatorPool>();
  let oldTx = '';
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    pools.clear();
  });

  function poolOf(world: PaymentWorld): FacilitatorPool {
    const known = pools.get(world);
    if (known) return known;
    const http = createOutboundClient({ allowCidrs: ['127.0.0.0/8'], userAgent: 'test' });
    const pool = new FacilitatorPool({
      facilitatorsOf: () => world.book.facilitators,
      bookIds: () => [world.book.bookId],
      openCredentials: () => null,
      http,
      nowMs: Date.now,
      publicUrl: 'http://gate.example',
      report: (error) => world.parts.failures.push(error),
      settleTimeoutMs,
    });
    closing.push(() => http.close());
    pools.set(world, pool);
    world.parts.facilitators.use = pool;
    return pool;
  }

  const isReady = (world: PaymentWorld) =>
    vi.waitFor(() => {
      const { network } = world.chain;
      const chosen = poolOf(world).chosenFor(world.book.bookId);
      if (!chosen.every((each) => each.kind === 'remote' && each.remote.isReady(network))) {
        poolOf(world).probeAll();
        throw new Error('a facilitator is not there yet');
      }
    });

  return {
    isReady,
    /** Puts a facilitator behind those that the book has, and waits until it was seen. */
    add: async (world: PaymentWorld, changes: RemoteChanges = {}): Promise<MockFacilitator> => {
      const carryOut = async (order: MockOrder) => {
        const tx = txOf(order);
        world.chain.submit(tx);
        return tx.txHash;
      };
      const mock = await startMockFacilitator({ networks: [world.chain.network], carryOut, oldTx: () => oldTx });
      closing.push(() => mock.close());
      const { position = 5, verifiesFirst = false, trustsRefusals = false } = changes;
      await world.db.rows(
        `insert into facilitators (book_id, facilitator_id, kind, name, url, position, verifies_first, trusts_refusals)
         values ($1, $2, 'remote', 'Mock', $3, $4, $5, $6)`,
        [world.book.bookId, randomUUID(), mock.url, position, verifiesFirst, trustsRefusals],
      );
      await world.reloadBook();
      await isReady(world);
      return mock;
    },
    /** Waits until the facilitator in this place of the order was found to be away. */
    isAway: (world: PaymentWorld, place: number) =>
      vi.waitFor(() => {
        const each = poolOf(world).chosenFor(world.book.bookId)[place];
        poolOf(world).probeAll();
        if (each?.kind !== 'remote' || each.remote.isReady(world.chain.network)) throw new Error('it is still there');
      }),
    /** Waits until whatever a facilitator sends after its answer is sent. */
    broadcast: (mock: MockFacilitator) =>
      vi.waitFor(() => {
        if (mock.sentCount() === 0) throw new Error('nothing was sent yet');
      }),
    tellOldTx: (txHash: string) => {
      oldTx = txHash;
    },
    /** Looks at everything that is unknown, now. */
    resolve: async (world: PaymentWorld): Promise<number> => {
      await world.db.rows(
        `update attempts set check_at = now() - interval '1 second' where status in ('submitted', 'unknown')`,
      );
      return (await resolveUnknown(world.worker, await world.sweepLease())).failed;
    },
  };
}

function txOf({ authorization: a }: MockOrder) {
  const authorization = {
    from: a.from,
    to: a.to,
    valueAtomic: BigInt(a.value),
    validAfterUnixSeconds: BigInt(a.validAfter),
    validBeforeUnixSeconds: BigInt(a.validBefore),
    nonce: a.nonce,
  };
  return { txHash: `0xfa${a.nonce.slice(4)}`, actions: [{ kind: 'authorize', authorization }] } as const;
}
