import { expect, it } from 'vitest';
import { HttpFacilitator } from './remote-facilitator.js';

/** A facilitator that says it settles these kinds. */
function settling(kinds: readonly object[]) {
  const body = Buffer.from(JSON.stringify({ kinds, extensions: [], signers: {} }));
  return new HttpFacilitator({
    facilitatorId: 'fac',
    url: 'https://facilitator.example',
    credentials: null,
    verifiesFirst: false,
    trustsRefusals: false,
    http: { request: async () => ({ status: 200, body }) },
    nowMs: () => 0,
    publicUrl: 'https://shop.example',
    settleTimeoutMs: 1_000,
  });
}

const network = 'eip155:8453';

it('is ready for the networks on which it settles exact payments', async () => {
  const facilitator = settling([{ x402Version: 2, scheme: 'exact', network }]);
  await facilitator.probe();
  expect(facilitator.sight).toMatchObject({ kind: 'ready', networks: [network] });
  expect(facilitator.isReady(network)).toBe(true);
});

it.each([[[]], [[{ x402Version: 2, scheme: 'upto', network }]]])(
  'is away where it settles nothing: %j',
  async (kinds) => {
    const facilitator = settling(kinds);
    await facilitator.probe();
    expect(facilitator.sight).toMatchObject({ kind: 'away', word: 'settles_nothing' });
  },
);
