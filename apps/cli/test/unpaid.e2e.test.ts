import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { type Process, startWorld, type World } from './world.js';

describe('an unpaid request', () => {
  let world: World;
  let api: Process;

  beforeAll(async () => {
    world = await startWorld();
    await install(world);
    const counter = new URL('./count-statements.mjs', import.meta.url).href;
    api = await world.startApi({}, ['--import', counter]);
  });
  afterAll(() => world.stop());

  /** Statements since the last time this was asked, by text. */
  const statements = () =>
    new Promise<string[]>((resolve) => {
      api.child.on('message', function take(message: { type?: string; statements?: string[] }) {
        if (message.type !== 'statements') return;
        api.child.off('message', take);
        resolve(message.statements ?? []);
      });
      api.child.send({ type: 'statements' });
    });

  it('costs no database statement and leaves no row', async () => {
    const url = `${api.url}/g/demo/weather`;
    await send(url);
    await statements();
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => send(url)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([402]));
    }
    const seen = await statements();
    // The configuration is followed all the time; whatever else stands here was caused by a request.
    const own = seen.filter((text) => !/books|gate_processes|seal_keys/.test(text));
    expect(own).toEqual([]);
    expect(seen.length).toBeLessThan(100);
    expect(await world.rows('select 1 from payment_intents')).toEqual([]);
    expect(await world.rows('select 1 from attempts')).toEqual([]);
  });
});
