import { fakeChainReader } from '@tollbook/testing';
import {
  type ChainReader,
  ChainUnavailable,
  chainLeaseName,
  type FailpointName,
  LeaseLost,
  reconcileNetwork,
  resumeNetwork,
  scanChain,
} from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { addressOf } from '../test/address-of.js';
import { forcedAction, transferAction, txOf } from '../test/chain-txs.js';
import { Crash } from '../test/crash.js';
import { newChain } from '../test/new-chain.js';
import type { PaymentWorld } from '../test/payment-world.js';
import { useWorlds } from '../test/use-worlds.js';
import { newWorker } from '../test/world-parts.js';
import { tillAddress } from '../test/world-shop.js';
import { attempts, discrepancies, ledger, paymentOf, payments, picture, story } from '../test/world-view.js';

const { open, close } = useWorlds();
const startUnixSeconds = Math.floor(Date.now() / 1000);
const validBeforeUnixSeconds = BigInt(startUnixSeconds + 350);

/** Two payments whose transactions depend on nothing but their order. */
async function twoPayments(world: PaymentWorld): Promise<void> {
  for (const payer of ['ann', 'bob'])
    await world.buy({ payer, presented: { authorization: { validBeforeUnixSeconds } } });
}

/** The books of a world that made the same payments and saw nothing but the chain as it is now. */
async function cleanPicture(world: PaymentWorld) {
  const clean = await open({ chain: world.chain });
  await twoPayments(clean);
  await clean.index();
  return picture(clean);
}

let stayed: ReturnType<typeof picture> | undefined;

/** The same, where every world of a test sees the same chain in the end. */
function sharedCleanPicture(world: PaymentWorld) {
  stayed ??= cleanPicture(world);
  return stayed;
}

/** A worker that dies is started again, and does the step again. */
async function inSpiteOfDeath(world: PaymentWorld, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    await world.restartWorker();
    await step();
  }
}

describe('a reorg above the final block', () => {
  it.each([
    [1, 0],
    [3, 2],
    [7, 2],
  ])(
    'of depth %i leaves the books of the chain that stayed, and is told once a payment (A19)',
    async (depth, confirmDepth) => {
      const world = await open({ confirmDepth });
      await twoPayments(world);
      world.chain.submit(txOf('gift', transferAction(addressOf('cy'), tillAddress, 700n)));
      await world.mine(depth);
      expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['confirmed', 'confirmed']);

      const dropped = world.chain.reorg(depth);
      world.chain.mine();
      world.chain.submit(...dropped);
      await world.mine(depth);
      await world.finalize();
      const paid = await payments(world);
      expect(paid.map(story)).toEqual(paid.map(() => ['processing', 'confirmed', 'reorged', 'confirmed', 'final']));
      expect(paid.map(({ intent }) => intent.invoiceNo).sort()).toEqual([1, 2]);
      expect(await discrepancies(world)).toEqual([
        'reorged: included_again',
        'reorged: included_again',
        'unmatched',
        'unmatched: orphaned',
      ]);
      expect(await picture(world)).toEqual(await cleanPicture(world));
    },
  );

  it('that drops a block which was only seen is told to nobody', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine();
    const dropped = world.chain.reorg(1);
    world.chain.submit(...dropped);
    await world.mine(2);
    await world.finalize();
    expect((await payments(world)).map(story)).toEqual([0, 1].map(() => ['processing', 'confirmed', 'final']));
    expect(await picture(world)).toEqual(await cleanPicture(world));
  });

  it('reverses what is not included again, until our transaction is sent again', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine(3);
    world.chain.reorg(3);
    await world.mine(5);
    const orphaned = await paymentOf(world, purchase);
    expect(orphaned.intent.status).toBe('processing');
    expect(attempts(orphaned)).toEqual(['submitted']);
    expect(await discrepancies(world)).toEqual(['reorged']);
    expect(await ledger(world)).toEqual([
      'payment_confirmed wallet pending 10000',
      'payment_confirmed_reversed pending wallet 10000',
    ]);
    await world.age(20_000);
    await world.sweep();
    await world.finalize();
    expect(story(await paymentOf(world, purchase))).toEqual([
      'processing',
      'confirmed',
      'reorged',
      'confirmed',
      'final',
    ]);
  });

  it('that ends in the very block it began with finds the same transfers again', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(3);
    const before = world.chain.head.hash;
    world.chain.reorg(3);
    await world.mine(4);
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['processing', 'processing']);
    world.chain.switchTo(before);
    await world.mine(3);
    await world.finalize();
    expect(await world.db.rows('select from transfers')).toHaveLength(2);
    expect(await world.db.rows('select from transfers where orphaned_at is not null')).toEqual([]);
    expect(await world.db.rows('select from allocations')).toHaveLength(4);
    const paid = await payments(world);
    expect(paid.map(story)).toEqual(paid.map(() => ['processing', 'confirmed', 'reorged', 'confirmed', 'final']));
    expect(await picture(world)).toEqual(await cleanPicture(world));
  });

  it('of a duplicate leaves the payment that was paid before it alone', async () => {
    const world = await open();
    const purchase = await world.buy();
    await world.mine(3);
    world.chain.submit(txOf('again', forcedAction(purchase.presented.authorization)));
    await world.mine(3);
    expect(await discrepancies(world)).toEqual(['duplicate']);
    world.chain.reorg(3);
    await world.mine(4);
    const detail = await paymentOf(world, purchase);
    expect(attempts(detail)).toEqual(['confirmed']);
    expect(story(detail)).toEqual(['processing', 'confirmed', 'duplicate']);
    expect(await discrepancies(world)).toEqual(['duplicate: orphaned']);
    await world.finalize();
    expect(attempts(await paymentOf(world, purchase))).toEqual(['final']);
  });

  it.each([
    'scan_read',
    'scan_written',
    'scan_committed',
    'reconcile_allocated',
    'reconcile_numbered',
    'reconcile_posted',
    'reconcile_committed',
    'final_posted',
    'final_committed',
  ] as const satisfies readonly FailpointName[])(
    'leaves the same books when the worker dies at %s on the way',
    async (name) => {
      const world = await open({ chain: newChain(startUnixSeconds) });
      await twoPayments(world);
      await world.mine(5);
      const dropped = world.chain.reorg(5);
      world.chain.mine();
      world.chain.submit(...dropped);
      world.chain.mine(6);
      world.crashes.plan(name);
      await inSpiteOfDeath(world, () => world.index());
      world.chain.mine(15);
      await inSpiteOfDeath(world, () => world.index());
      expect(world.crashes.isPlanned).toBe(false);
      const paid = await payments(world);
      expect(paid.map(story)).toEqual(paid.map(() => ['processing', 'confirmed', 'reorged', 'confirmed', 'final']));
      expect(await picture(world)).toEqual(await sharedCleanPicture(world));
    },
  );
});

describe('a reorg below the final block', () => {
  it('freezes the network and rewrites nothing', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(16);
    const before = await picture(world);
    world.chain.reorg(15);
    world.chain.mine(20);
    expect(await world.scan()).toEqual({ kind: 'frozen', reason: 'final_block_changed' });
    expect(await world.reconcile()).toEqual({ kind: 'frozen', reason: 'final_block_changed' });
    expect(await world.scan()).toEqual({ kind: 'frozen', reason: 'final_block_changed' });
    expect(await picture(world)).toEqual(before);
  });

  it('is resumed by hand, and only where every node has the block up to which the books are final', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(16);
    const right = world.chain.head.hash;
    world.chain.reorg(15);
    world.chain.mine(20);
    await world.scan();
    const { network } = world.chain;
    const { store, holder } = world.worker;
    const wrong = world.chain.head.hash;
    const resume = async () => {
      const lease = await store.takeLease(chainLeaseName(network), holder, 60_000);
      if (!lease) throw new Error('the lease is free');
      return resumeNetwork({ store }, lease, network, [{ name: 'node 1', reader: fakeChainReader(world.chain) }]);
    };
    expect(await resume()).toMatchObject({ kind: 'differs', node: 'node 1' });
    expect(await world.scan()).toMatchObject({ kind: 'frozen' });
    world.chain.switchTo(right);
    world.chain.mine(30);
    expect(world.chain.head.hash).not.toBe(wrong);
    expect(await resume()).toMatchObject({ kind: 'resumed', reason: 'final_block_changed' });
    expect(await resume()).toEqual({ kind: 'refused', reason: 'not_frozen' });
    await world.finalize();
    expect(await picture(world)).toEqual(await cleanPicture(world));
  });

  it('is never believed of a block that the final chain of the node does not hold', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(4);
    // The chain moves on another way and is final there before we read it again.
    world.chain.reorg(4);
    world.chain.mine(8);
    world.chain.setFinalLag(1);
    await world.reconcile();
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['confirmed', 'confirmed']);
    await world.index();
    expect((await payments(world)).map(({ intent }) => intent.status)).toEqual(['processing', 'processing']);
  });
});

describe('a node that cannot be relied on', () => {
  it('is waited for while it is behind', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(3);
    const before = await picture(world);
    world.node.blocksBehind = 2;
    expect(await world.scan()).toEqual({ kind: 'node_behind' });
    world.chain.mine();
    expect(await world.scan()).toEqual({ kind: 'node_behind' });
    await world.reconcile();
    expect(await picture(world)).toEqual(before);
    world.node.blocksBehind = 0;
    await world.finalize();
    expect(await picture(world)).toEqual(await cleanPicture(world));
  });

  it('is waited for while it leaves out blocks of the fork that it shows', async () => {
    const world = await open();
    await twoPayments(world);
    await world.mine(3);
    const dropped = world.chain.reorg(3);
    world.chain.submit(...dropped);
    world.chain.mine(4);
    const before = await picture(world);
    const reader = fakeChainReader(world.chain);
    const headers: ChainReader['headers'] = async (numbers) =>
      (await reader.headers(numbers)).map((header, index) => (index < 2 ? header : null));
    world.parts.readers.set(world.chain.network, { ...reader, headers });
    await expect(world.scan()).rejects.toThrow(ChainUnavailable);
    expect(await picture(world)).toEqual(before);
    world.parts.readers.set(world.chain.network, reader);
    await world.finalize();
    expect(await picture(world)).toEqual(await cleanPicture(world));
  });

  it('gets nothing written with headers of one fork and logs of another', async () => {
    const world = await open();
    await world.mine();
    const cursor = await world.db.chain.cursor(world.chain.network);
    await twoPayments(world);
    world.chain.mine(3);
    const withPayments = world.chain.head.hash;
    world.chain.reorg(3);
    world.chain.mine(3);
    const without = world.chain.head.hash;
    let hasToldLogs = false;
    world.node.beforeCall = (method) => {
      if (method === 'transfers') hasToldLogs = true;
      if (hasToldLogs) world.chain.switchTo(method === 'transfers' ? withPayments : without);
    };
    await expect(world.scan()).rejects.toThrow(ChainUnavailable);
    expect(await world.db.chain.cursor(world.chain.network)).toEqual(cursor);
    expect(await world.db.rows('select from transfers')).toEqual([]);
  });

  it('leaves the books of the chain that stayed, whenever it changes forks', async () => {
    let clean: Awaited<ReturnType<typeof picture>> | undefined;
    for (let flipAt = 1; flipAt <= 9; flipAt += 1) {
      const world = await open({ chain: newChain(startUnixSeconds) });
      await world.mine();
      await twoPayments(world);
      await world.mine(4);
      const one = world.chain.mine(2).hash;
      const dropped = world.chain.reorg(6);
      world.chain.submit(...dropped);
      const other = world.chain.mine(7).hash;
      let calls = 0;
      world.node.beforeCall = () => {
        calls += 1;
        world.chain.switchTo(calls < flipAt ? one : other);
      };
      await world.index().catch((error: unknown) => expect(error).toBeInstanceOf(ChainUnavailable));
      delete world.node.beforeCall;
      world.chain.switchTo(other);
      await world.finalize();
      clean ??= await cleanPicture(world);
      expect(await picture(world), `flipped at call ${flipAt}`).toEqual(clean);
      await close(world);
    }
  });
});

describe('two workers', () => {
  it('do not read one network at the same time', async () => {
    const world = await open();
    await world.mine();
    const other = newWorker(world.db, world.parts, world.crashes);
    expect(await scanChain(other, world.chain.network)).toEqual({ kind: 'not_leader' });
    expect(await reconcileNetwork(other, world.chain.network)).toEqual({ kind: 'not_leader' });
  });

  it.each(['transfers', 'headers'] as const)(
    'write nothing twice when the lease passes on while the first waits for %s',
    async (method) => {
      const world = await open();
      await world.mine();
      await twoPayments(world);
      world.chain.mine(4);
      const { network } = world.chain;
      const slow = { ...world.worker };
      const reader = fakeChainReader(world.chain);
      let isOvertaken = false;
      const overtake = async () => {
        if (isOvertaken) return;
        isOvertaken = true;
        await world.restartWorker();
        await world.index();
      };
      const waiting: ChainReader = {
        ...reader,
        headers: async (numbers) => {
          if (method === 'headers' && numbers.length > 2) await overtake();
          return reader.headers(numbers);
        },
        transfers: async (query) => {
          if (method === 'transfers') await overtake();
          return reader.transfers(query);
        },
      };
      await expect(scanChain({ ...slow, readerOf: () => waiting }, network)).rejects.toThrow(LeaseLost);
      expect(isOvertaken).toBe(true);
      await world.finalize();
      expect(await picture(world)).toEqual(await cleanPicture(world));
    },
  );
});
