import { randomUUID } from 'node:crypto';
import { createChainStore } from '@tollbook/db';
import { createEvmChainReader } from '@tollbook/evm';
import { resumeNetwork } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';
import { withDatabase } from '../open-database.js';
import { openNetworks } from '../open-networks.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { underChainLease } from './under-chain-lease.js';

const usageExitCode = 2;

/** `tollbook network resume`: reads a network again that was stopped because a final block changed. 1 where it may not. */
export async function resumeReading(
  { network }: Extract<Command, { kind: 'network_resume' }>,
  terminal: Terminal,
): Promise<number> {
  return withDatabase('tollbook_worker', async ({ config, pool, catalog }) => {
    const open = openNetworks(config, catalog).get(network);
    if (!open) throw new CliError(`${network}: no node is configured for it.`, {}, usageExitCode);
    const deps = { store: createChainStore({ pool, catalog }), holder: randomUUID() };
    const nodes = open.nodes.map(({ name, rpc }) => ({ name, reader: createEvmChainReader({ network, rpc }) }));
    const result = await underChainLease(deps, network, (lease) => resumeNetwork(deps, lease, network, nodes));
    switch (result.kind) {
      case 'resumed':
        terminal.print(`${network} is read on from block ${result.final.number} (it had stopped: ${result.reason}).`);
        return 0;
      case 'differs':
        terminal.print(
          `${network} stays stopped: the books are final up to block ${result.final.number} (${result.final.hash}), and ` +
            `${result.node} has another one there. See docs/operations.md.`,
        );
        return 1;
      case 'refused':
        throw new CliError(
          result.reason === 'not_frozen' ? `${network} is not stopped.` : `${network} was never read.`,
          {},
          usageExitCode,
        );
    }
  });
}
