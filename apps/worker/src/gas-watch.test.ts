import { describe, expect, it } from 'vitest';
import { GasWatch } from './gas-watch.js';

const network = 'eip155:8453';
const address = `0x${'1'.repeat(40)}`;

function watch(balances: Record<string, bigint | null>) {
  const told: unknown[] = [];
  const nodes = {
    networks: () => Object.keys(balances),
    nodeOf: (name: string) => ({
      gasAddress: address,
      gasBalance: async () => balances[name] ?? Promise.reject(new Error('away')),
    }),
  };
  const tell = (fields: unknown, text?: string) => told.push([text, (fields as { network: string }).network]);
  const gas = { [network]: { feeMaxWei: 1n, balanceMinWei: 100n } };
  const logger = { warn: tell, info: tell };
  return { told, gasWatch: new GasWatch(nodes, gas, logger, () => 7) };
}

describe('the watch over gas money', () => {
  it('tells once that it is low, and once that it is enough again', async () => {
    const balances: Record<string, bigint | null> = { [network]: 99n };
    const { told, gasWatch } = watch(balances);
    expect(await gasWatch.look()).toEqual({ read: 1, low: 1, failed: 0 });
    await gasWatch.look();
    balances[network] = 100n;
    expect(await gasWatch.look()).toEqual({ read: 1, low: 0, failed: 0 });
    await gasWatch.look();
    expect(told).toEqual([
      ['gas balance is low', network],
      ['gas balance is enough again', network],
    ]);
    expect(gasWatch.sights()).toEqual([{ network, address, balanceWei: 100n, balanceMinWei: 100n, readAtMs: 7 }]);
  });

  it('keeps what it read last of a network whose node is away, and reads the others', async () => {
    const balances: Record<string, bigint | null> = { [network]: 99n, 'eip155:1': 5n };
    const { gasWatch } = watch(balances);
    await gasWatch.look();
    balances[network] = null;
    expect(await gasWatch.look()).toEqual({ read: 1, low: 0, failed: 1 });
    expect(gasWatch.sights().map(({ balanceWei }) => balanceWei)).toEqual([99n, 5n]);
  });
});
