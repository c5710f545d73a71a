import { createBooksStore, createChainStore } from '@tollbook/db';
import type { Catalog, ExplainedProof, ProveDeps } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';
import { withDatabase } from '../open-database.js';
import { openNetworks } from '../open-networks.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { refusalText } from './books-verdict.js';
import { chooseNetworks } from './choose-networks.js';
import { proofLines } from './proof-lines.js';
import { provePatiently } from './prove-patiently.js';

type ProofCommand = Extract<Command, { kind: 'books_proof' }>;

const usageExitCode = 2;

/**
 * `tollbook books proof`: wallets beside the chain at a block, with the rows behind each difference. 0 where none
 * differs; throws a CliError (2) for what cannot be proved as asked.
 */
export async function proveWallets(command: ProofCommand, terminal: Terminal): Promise<number> {
  return withDatabase('tollbook_worker', async ({ config, pool, catalog }) => {
    const store = createChainStore({ pool, catalog });
    const networks = openNetworks(config, catalog);
    const books = createBooksStore({ pool, catalog });
    const deps: ProveDeps = { books, store, readerOf: (network) => networks.get(network)?.reader };
    const { blockNumber, fromNumber, wallet } = command;
    const rows: ExplainedProof[] = [];
    const chosen = await chooseNetworks({ ...command, blockNumber: blockNumber ?? fromNumber }, catalog, store);
    for (const network of chosen) {
      const contract = command.asset === null ? null : contractOf(catalog, network, command.asset);
      const asked = { blockNumber, fromNumber, wallet, contract, isExplained: true };
      const result = await provePatiently(deps, { bookId: null, network, ...asked });
      if (result.kind === 'proved') rows.push(...result.rows);
      else terminal.print(refusalText(command, network, result));
    }
    if (rows.length === 0) {
      terminal.print('Nothing was proved.');
      return 1;
    }
    for (const line of proofLines(rows, catalog)) terminal.print(line);
    return rows.some(({ differenceAtomic }) => differenceAtomic !== 0n) ? 1 : 0;
  });
}

/** By symbol or contract; one that is not found is left to be refused where it is looked for. */
function contractOf(catalog: Catalog, network: string, text: string): string {
  const asset = catalog.assets.find(
    (each) =>
      each.network === network &&
      (each.contract === text.toLowerCase() || each.symbol.toLowerCase() === text.toLowerCase()),
  );
  if (asset) return asset.contract;
  const known = catalog.assets.filter((each) => each.network === network).map(({ symbol }) => symbol);
  throw new CliError(`${network} has no asset "${text}". Known are: ${known.join(', ')}.`, {}, usageExitCode);
}
