import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { StandingOf } from './ports/network-standing.js';

/**
 * The first network on which nothing could ever be taken as things are: no node is set up for it, or what its node
 * says is wrong. One whose node is merely silent is taken; it is offered once it answers.
 */
export function vetNetworks(
  standingOf: StandingOf,
  networks: readonly string[],
  parameterOf: (at: number) => string,
): ConfigurationRefusal | null {
  for (const [at, network] of networks.entries()) {
    const standing = standingOf(network);
    if (standing.kind === 'not_configured') {
      const detail = `No node of ${network} is set up here: an operator sets its TOLLBOOK_RPC_… address.`;
      return refuse('network_not_configured', parameterOf(at), detail);
    }
    if (standing.kind === 'refused') {
      return refuse('network_refused', parameterOf(at), `Nothing is taken on ${network}: ${standing.reason}.`);
    }
  }
  return null;
}
