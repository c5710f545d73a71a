import { describe, expect, it } from 'vitest';
import { chooseNetworks } from './choose-networks.js';

const base = 'eip155:8453';
const sepolia = 'eip155:84532';
const catalog = { networks: [{ network: base }, { network: sepolia }] };
const wallet = {
  walletId: '1',
  address: '0x1',
  bookId: 1,
  assetId: 1,
  contract: '0x2',
  watchFromBlock: 0n,
  coveredFromBlock: 0n,
};

/** A store without cursors that watches one wallet on each of these networks. */
function watching(...networks: string[]) {
  return {
    cursor: async () => null,
    watchedWallets: async (network: string) => (networks.includes(network) ? [wallet] : []),
  };
}

describe('chooseNetworks', () => {
  it('takes those with a watched wallet unless one is named', async () => {
    const store = watching(sepolia);
    expect(await chooseNetworks({ network: null, blockNumber: 7n }, catalog, store)).toEqual([sepolia]);
    expect(await chooseNetworks({ network: base, blockNumber: null }, catalog, store)).toEqual([base]);
  });

  it('exits with 2 for an unknown network and names the known ones', async () => {
    const chosen = chooseNetworks({ network: 'eip155:1', blockNumber: null }, catalog, watching());
    await expect(chosen).rejects.toMatchObject({
      name: 'CliError',
      exitCode: 2,
      message: expect.stringContaining(`Known are: ${base}, ${sepolia}`),
    });
  });

  it('exits with 2 for a block that could be on two networks', async () => {
    const chosen = chooseNetworks({ network: null, blockNumber: 7n }, catalog, watching(base, sepolia));
    await expect(chosen).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('--network') });
  });
});
