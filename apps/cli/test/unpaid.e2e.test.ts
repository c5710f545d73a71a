import pg from 'pg';
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
    // The configuration is followed all the time, and counts leave each ten seconds; all else was caused by a request.
    const flushed = seen.filter((text) => /offer_counts/.test(text));
    const own = seen.filter(
      (text) => !/books|gate_processes|seal_keys|offer_counts|^commit$|tollbook.book_id/.test(text),
    );
    expect(own).toEqual([]);
    expect(flushed.length).toBeLessThan(4);
    expect(seen.length).toBeLessThan(100);
    expect(await world.rows('select 1 from payment_intents')).toEqual([]);
    expect(await world.rows('select 1 from attempts')).toEqual([]);
    await api.kill('SIGTERM');
    const counted = await countsOfBook(world);
    expect(counted, 'counts that were in memory are written at the end').toEqual([
      { kind: 'offered', client: 'node', count: 501 },
    ]);
  });
});

/** The book's offer counts, as the api's own role sees them. */
async function countsOfBook(world: World) {
  const [book] = await world.rows<{ book_id: number }>('select book_id from books');
  const options = `-c role=tollbook_app -c tollbook.book_id=${book?.book_id}`;
  const client = new pg.Client({ connectionString: world.databaseUrl, options });
  await client.connect();
  const { rows } = await client.query(
    'select kind, client, sum(count)::integer as count from offer_counts group by 1, 2',
  );
  await client.end();
  return rows;
}
