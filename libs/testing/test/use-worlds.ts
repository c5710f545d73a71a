import { afterAll, afterEach } from 'vitest';
import { expectSound } from './expect-sound.js';
import { PaymentWorld, type WorldOptions } from './payment-world.js';
import { createWorldDatabase, type WorldDatabase } from './world-database.js';

type Worlds = {
  /** A world with nothing in it but a shop. */
  readonly open: (options?: WorldOptions) => Promise<PaymentWorld>;
  /** Ends a world before its test does; it must be sound. */
  readonly close: (world: PaymentWorld) => Promise<void>;
};

/** Worlds for the tests of a file. Each must be sound when its test is over; its database then serves the next. */
export function useWorlds(): Worlds {
  const databases: WorldDatabase[] = [];
  let free: WorldDatabase[] = [];
  let opened: PaymentWorld[] = [];
  const close = async (world: PaymentWorld) => {
    opened = opened.filter((each) => each !== world);
    free.push(world.db);
    if (world.isSound) await expectSound(world);
  };
  const open = async (options?: WorldOptions) => {
    let database = free.pop();
    if (!database) {
      database = await createWorldDatabase();
      databases.push(database);
    }
    const world = await PaymentWorld.open(database, options);
    opened.push(world);
    return world;
  };
  afterEach(async () => {
    const worlds = opened;
    opened = [];
    free = [...databases];
    for (const world of worlds) if (world.isSound) await expectSound(world);
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });
  return { open, close };
}
