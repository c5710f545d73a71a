import type { Catalog } from '@tollbook/usecases';
import { ProblemError } from '../problem.js';

/** A network that a list is filtered by, or null for all; throws a refusal for one that nobody knows. */
export function knownNetwork(catalog: Catalog, network: string | undefined): string | null {
  if (network === undefined) return null;
  if (catalog.networks.some((each) => each.network === network)) return network;
  throw new ProblemError('network_unknown', `There is no network "${network}" here.`, { parameter: 'network' });
}
