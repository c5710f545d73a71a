import { type PathFault, pathFault } from './canonical-path.js';
import {
  type EndpointMatch,
  type EndpointPattern,
  matchEndpoint,
  patternsLikePath,
  patternsOnPath,
} from './match-endpoint.js';

/** Why a request meets an endpoint, or none. */
type MatchReason = 'only_pattern' | 'closest_pattern' | 'no_pattern' | 'other_method' | 'other_spelling';

type MatchExplanation<E> = {
  readonly match: EndpointMatch<E> | { readonly kind: 'refused'; readonly reason: 'path_not_canonical' };
  readonly why: MatchReason | PathFault;
  /** The endpoints that were weighed, the closest first. */
  readonly candidates: readonly E[];
};

/** What the gate does with a method and a raw path, and why: the same rules that it matches by, told. */
export function explainMatch<E extends EndpointPattern>(
  endpoints: readonly E[],
  method: string,
  path: string,
): MatchExplanation<E> {
  const fault = pathFault(path);
  if (fault) return { match: { kind: 'refused', reason: 'path_not_canonical' }, why: fault, candidates: [] };
  const match = matchEndpoint(endpoints, method, path);
  const onPath = patternsOnPath(endpoints, path);
  if (match.kind === 'matched') {
    return { match, why: onPath.length === 1 ? 'only_pattern' : 'closest_pattern', candidates: onPath };
  }
  if (match.reason === 'method_not_allowed') return { match, why: 'other_method', candidates: onPath };
  const alike = patternsLikePath(endpoints, path);
  return { match, why: alike.length > 0 ? 'other_spelling' : 'no_pattern', candidates: alike };
}
