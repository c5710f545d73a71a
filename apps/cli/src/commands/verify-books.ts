import { createBooksStore, createChainStore } from '@tollbook/db';
import { type BooksStore, type Catalog, type ExplainedProof, type ProveDeps, verifyLedger } from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import { withDatabase } from '../open-database.js';
import { openNetworks } from '../open-networks.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { booksVerdict, type NetworksProof, refusalText } from './books-verdict.js';
import { chooseNetworks } from './choose-networks.js';
import { proofLines } from './proof-lines.js';
import { provePatiently } from './prove-patiently.js';

type VerifyCommand = Extract<Command, { kind: 'books_verify' }>;

const contradictionsShownMax = 20;

/**
 * `tollbook books verify`: the books of every network against the chain, the hash chain of every book, and the rows
 * that contradict the rules. 0 only when all of it holds; throws a CliError (2) for a block or network that cannot be
 * proved as asked.
 */
export async function verifyBooks(command: VerifyCommand, terminal: Terminal): Promise<number> {
  return withDatabase('tollbook_worker', async ({ config, pool, catalog }) => {
    const books = createBooksStore({ pool, catalog });
    const store = createChainStore({ pool, catalog });
    const networks = openNetworks(config, catalog);
    const deps: ProveDeps = { books, store, readerOf: (network) => networks.get(network)?.reader };
    const chosen = await chooseNetworks(command, catalog, store);
    const proof = await proveNetworks({ deps, catalog, command, terminal }, chosen);
    const isIntact = await verifyLedgers(books, terminal);
    const isConsistent = await showContradictions(books, terminal);
    const { text, exitCode } = booksVerdict({ proof, isIntact, isConsistent });
    terminal.print(text);
    return exitCode;
  });
}

async function proveNetworks(
  parts: {
    readonly deps: ProveDeps;
    readonly catalog: Catalog;
    readonly command: VerifyCommand;
    readonly terminal: Terminal;
  },
  networks: readonly string[],
): Promise<NetworksProof> {
  const { deps, catalog, command, terminal } = parts;
  const rows: ExplainedProof[] = [];
  const problems: string[] = [];
  for (const network of networks) {
    const result = await provePatiently(deps, {
      bookId: null,
      network,
      blockNumber: command.blockNumber,
      isExplained: true,
    });
    if (result.kind === 'proved') rows.push(...result.rows);
    else problems.push(refusalText(command, network, result));
  }
  if (rows.length > 0) for (const line of proofLines(rows, catalog)) terminal.print(line);
  for (const problem of problems) terminal.print(problem);
  if (rows.length === 0 && problems.length === 0) terminal.print('No wallet is watched on any network yet.');
  terminal.print('');
  if (rows.some(({ differenceAtomic }) => differenceAtomic !== 0n)) return 'differs';
  return problems.length === 0 ? 'agrees' : 'incomplete';
}

async function verifyLedgers(books: BooksStore, terminal: Terminal): Promise<boolean> {
  let isIntact = true;
  for (const bookId of await books.bookIds()) {
    const verdict = await verifyLedger(books, cryptoPort, bookId);
    if (verdict.kind === 'intact') {
      terminal.print(`Book ${bookId}: hash chain of ${verdict.entries} entries intact.`);
    } else {
      isIntact = false;
      for (const { entrySeq, what, row, differs } of verdict.findings) {
        terminal.print(`Book ${bookId}: hash chain BROKEN at entry ${entrySeq} (${what}): ${row}: ${differs}.`);
      }
    }
  }
  return isIntact;
}

async function showContradictions(books: BooksStore, terminal: Terminal): Promise<boolean> {
  const found = await books.contradictions(contradictionsShownMax);
  for (const { what, bookId, id } of found) terminal.print(`Book ${bookId}: ${what} contradicts the rules: ${id}`);
  if (found.length === contradictionsShownMax) terminal.print('There may be more contradictions than these.');
  return found.length === 0;
}
