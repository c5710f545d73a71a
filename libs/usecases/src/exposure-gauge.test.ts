import { noEndpointCaps } from '@tollbook/domain';
import { describe, expect, it } from 'vitest';
import { ExposureGauge } from './exposure-gauge.js';

const asset = { assetId: 1, decimals: 6 };
const catalog = { assets: [asset], networks: [] } as unknown as ConstructorParameters<typeof ExposureGauge>[1];

describe('an exposure gauge', () => {
  it('asks once for all who find its sums too old at the same time', async () => {
    let asked = 0;
    const store = {
      exposure: async () => {
        asked += 1;
        return [{ payer: '0xbb', assetId: 1, endpointId: 'a', amountAtomic: 500_000n }];
      },
    };
    const gauge = new ExposureGauge(store, catalog, { perPayer: 1n, perEndpoint: 10n, total: 10n }, 0);
    const endpoint = { endpointId: 'a', caps: noEndpointCaps };
    const payment = { bookId: 1, payer: '0xbb', assetId: 1, amountAtomic: 100_000n };
    expect(await gauge.takes(payment, endpoint)).toBe(true);
    expect(asked).toBe(1);
    const taken = await Promise.all(Array.from({ length: 20 }, () => gauge.takes(payment, endpoint)));
    expect(asked).toBe(2);
    // What is taken between two readings counts too: half a unit was sent, and five tenths fill it.
    expect(taken.filter((isTaken) => isTaken)).toHaveLength(5);
  });
});
