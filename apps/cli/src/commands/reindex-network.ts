import { randomUUID } from 'node:crypto';
import { createBooksStore, createChainStore, createSweepStore } from '@tollbook/db';
import { checksumAddress } from '@tollbook/evm';
import {
  type BooksStore,
  type ExplainedProof,
  isLeft,
  type ReindexResult,
  reindexRange,
  type WorkerDeps,
} from '@tollbook/usecases';
import { cryptoPort } from '@tollbook/vault';
import { CliError } from '../cli-error.js';
import { withDatabase } from '../open-database.js';
import { openNetworks } from '../open-networks.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { provePatiently } from './prove-patiently.js';
import { comparisonLines, findingLines, type LedgerEnd, ledgerLines } from './reindex-text.js';
import { underChainLease } from './under-chain-lease.js';

type ReindexCommand = Extract<Command, { kind: 'reindex' }>;

const usageExitCode = 2;

/**
 * `tollbook reindex --network`: reads blocks again and makes the recorded transfers what the chain says, then shows the
 * books before and after. 0 where they equal the chain afterwards and nothing was left for a person.
 */
export async function reindexNetwork(command: ReindexCommand, terminal: Terminal): Promise<number> {
  return withDatabase('tollbook_worker', async ({ config, pool, catalog }) => {
    const { network } = command;
    const known = catalog.networks.map((each) => each.network);
    if (!known.includes(network)) {
      throw new CliError(`There is no network "${network}". Known are: ${known.join(', ')}.`, {}, usageExitCode);
    }
    const reader = openNetworks(config, catalog).get(network)?.reader;
    if (!reader) throw new CliError(`${network}: no node is configured for it.`, {}, usageExitCode);
    const store = createChainStore({ pool, catalog });
    const books = createBooksStore({ pool, catalog });
    const deps: WorkerDeps = {
      store,
      sweep: createSweepStore({ pool, catalog }),
      crypto: cryptoPort,
      catalog,
      formatAddress: (_network, address) => checksumAddress(address),
      failpoint: () => undefined,
      readerOf: () => reader,
      settlementOf: () => undefined,
      holder: randomUUID(),
    };
    const prove = async (blockNumber: bigint | null): Promise<readonly ExplainedProof[]> => {
      const proof = await provePatiently(
        { books, store, readerOf: () => reader },
        { bookId: null, network, blockNumber },
      );
      return proof.kind === 'proved' ? proof.rows : [];
    };
    return underChainLease(deps, network, async (lease) => {
      const before = { ledger: await ledgerEnds(books), proof: await prove(null) };
      const result = await reindexRange(deps, lease, reader, command);
      if (result.kind === 'refused') throw refusalOf(command, result);
      // At the same block: the lease keeps the heights where they are, and a proof compares one moment of the chain.
      const after = { ledger: await ledgerEnds(books), proof: await prove(before.proof[0]?.blockNumber ?? null) };
      const { fromNumber, isTrial } = command;
      const range = `blocks ${fromNumber} to ${result.toNumber} of ${network}`;
      terminal.print(`Read ${range} again: ${result.transfers} transfers of watched wallets.`);
      for (const line of findingLines(result.findings, isTrial)) terminal.print(line);
      for (const line of ledgerLines(before.ledger, after.ledger)) terminal.print(line);
      for (const line of comparisonLines(before.proof, after.proof, catalog)) terminal.print(line);
      const isEqual = after.proof.every(({ differenceAtomic }) => differenceAtomic === 0n);
      const left = result.findings.filter(isLeft).length;
      const isAsTold = isTrial ? result.findings.length === 0 : left === 0;
      terminal.print(verdictOf({ findings: result.findings.length, left, isTrial, isEqual }));
      return isEqual && isAsTold ? 0 : 1;
    });
  });
}

function verdictOf(found: { findings: number; left: number; isTrial: boolean; isEqual: boolean }): string {
  const books = found.isEqual ? 'The books equal the chain' : 'The books do NOT equal the chain';
  if (found.findings === 0) return `${books}; nothing had to be changed.`;
  if (found.isTrial) return `${books}; ${found.findings} rows differ, and nothing was changed.`;
  if (found.left > 0) return `${books}; ${found.left} rows are left for a person.`;
  return `${books}; ${found.findings} rows were put right.`;
}

function refusalOf({ network, fromNumber }: ReindexCommand, refusal: Extract<ReindexResult, { kind: 'refused' }>) {
  const { reason, bound } = refusal;
  const texts: Readonly<Record<typeof reason, string>> = {
    nothing_scanned: 'it was never read: start Tollbook first.',
    frozen: 'it is frozen, because a final block changed: see docs/operations.md.',
    above_head: `it was read up to block ${bound}: name no later one.`,
    before_wallets: `no wallet was watched before block ${bound}.`,
    no_wallets: 'no wallet is watched there.',
    from_above_to: `block ${fromNumber} lies above ${bound}, the newest that was read.`,
  };
  return new CliError(`${network}: ${texts[reason]}`, {}, usageExitCode);
}

async function ledgerEnds(books: BooksStore): Promise<LedgerEnd[]> {
  const ends: LedgerEnd[] = [];
  for (const bookId of await books.bookIds()) {
    const head = await books.ledgerHead(bookId);
    if (head) ends.push({ bookId, entrySeq: head.entrySeq, chainHash: head.chainHash });
  }
  return ends;
}
