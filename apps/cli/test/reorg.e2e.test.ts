import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { install } from './install.js';
import { expectBooksEqualChain } from './proofs.js';
import { eventually, type Process, startWorld, type World } from './world.js';

describe('a reorg above the final block', () => {
  let world: World;
  let api: Process;

  beforeAll(async () => {
    world = await startWorld({ blockTimeMs: 1_000 });
    await install(world);
    api = await world.startApi();
    await world.startWorker();
  });
  afterAll(() => world.stop());

  it('undoes a confirmed payment, tells it once, and books it again when the chain includes it again (A19)', async () => {
    const url = `${api.url}/g/demo/weather`;
    const { headerName, rawHeader } = await world.sign(url);
    expect((await send(url, { [headerName]: rawHeader })).status).toBe(200);
    const [intent] = await eventually('the payment is confirmed', async () => {
      const rows = await world.rows<{ intent_id: string; invoice_no: number }>(
        `select intent_id, invoice_no from payment_intents where status = 'confirmed'`,
      );
      return rows.length === 1 && rows;
    });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_reorg', params: [4, []] });
    await fetch(world.sandbox.info.evm.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await eventually(
      'the payment is final on the new chain',
      async () => {
        const [row] = await world.rows(`select 1 from payment_intents where status = 'final'`);
        return row !== undefined;
      },
      90_000,
    );
    const events = await world.rows<{ type: string }>('select type from events order by sequence');
    expect(
      events.map((event) => event.type.replace('payment_intent.', '')).filter((type) => type === 'reorged'),
    ).toHaveLength(1);
    const [row] = await world.rows<{ invoice_no: number; orphans: string; reversals: string }>(
      `select invoice_no, (select count(*) from transfers where orphaned_at is not null) orphans,
         (select count(*) from ledger_entries where kind = 'payment_confirmed_reversed') reversals from payment_intents`,
    );
    expect(row).toEqual({ invoice_no: intent?.invoice_no, orphans: '1', reversals: '1' });
    await expectBooksEqualChain(world);
  });
});
