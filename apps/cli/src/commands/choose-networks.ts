import type { Catalog, ChainStore } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';
import type { AskedProof } from './books-verdict.js';

const usageExitCode = 2;

/**
 * Networks that are read, and those that should be: a watched wallet on a network never read proves nothing. Throws a
 * CliError (2) for a network that is not known and for a block without the one network it belongs to.
 */
export async function chooseNetworks(
  asked: AskedProof,
  catalog: { readonly networks: readonly Pick<Catalog['networks'][number], 'network'>[] },
  store: Pick<ChainStore, 'cursor' | 'watchedWallets'>,
): Promise<string[]> {
  if (asked.network !== null && catalog.networks.every(({ network }) => network !== asked.network)) {
    const known = catalog.networks.map(({ network }) => network).join(', ');
    throw new CliError(`There is no network "${asked.network}". Known are: ${known}.`, {}, usageExitCode);
  }
  if (asked.network !== null) return [asked.network];
  const used: string[] = [];
  for (const { network } of catalog.networks) {
    const isUsed = (await store.cursor(network)) !== null || (await store.watchedWallets(network)).length > 0;
    if (isUsed) used.push(network);
  }
  if (asked.blockNumber !== null && used.length > 1) {
    const which = `say which with --network (${used.join(', ')})`;
    throw new CliError(`A block belongs to one network: ${which}.`, {}, usageExitCode);
  }
  return used;
}
