import { METHODS } from 'node:http';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import {
  type EndpointMatch,
  type MatchEndpoint,
  type MatchReason,
  matchEndpointSchema,
  problems,
} from '@tollbook/contract';
import { encodeId, explainMatch } from '@tollbook/domain';
import type { GateEndpoint } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { currentTerms } from '../gate/gate-snapshot.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

const details: Readonly<Record<MatchReason, string>> = {
  only_pattern: 'One endpoint takes this path.',
  closest_pattern:
    'Several patterns take this path; at the first segment where two differ, a literal wins over ":name", and ":name" over a closing "*".',
  no_price: 'The endpoint that takes this path has no price that is in force.',
  no_pattern: 'No endpoint that is enabled takes this path.',
  other_method: 'The path is sold for another method. HEAD belongs to the endpoint of GET.',
  other_spelling:
    'Only another spelling of this path is sold, in case or with its closing slash; paths are compared exactly.',
  not_rooted: 'A path begins with one slash and names no host.',
  character_not_allowed:
    'The path has a character that stands in no plain path: a space, a control character, one beyond ASCII, or one of \\ ; " < > ^ ` { | } #.',
  empty_segment: 'The path has an empty segment ("//").',
  dot_segment: 'The path has a segment "." or "..".',
  percent_malformed: 'A percent sign is not followed by two digits of upper-case hex.',
  preflight: 'OPTIONS is sold nowhere: the gate answers it by itself, as browsers ask it, whatever the path.',
  method_unreadable: 'No HTTP server reads this method. Methods are written in capitals.',
  percent_needless: 'A percent sign spells a byte that stands as itself, or one that would hide a separator.',
};

/** Which endpoint a request would meet, told by the rules that the gate matches by. */
@Controller('v1/endpoints')
export class MatchController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  /** Writes nothing, so reading is enough. */
  @Post('match')
  @HttpCode(200)
  @Requires('endpoints:read')
  match(
    @CurrentCaller() caller: Caller,
    @Body(new SchemaPipe(matchEndpointSchema)) { method, path }: MatchEndpoint,
  ): EndpointMatch {
    const unmatched = beforeMatching(method);
    if (unmatched) return { ...unmatched, endpoint: null, candidates: [], allowedMethods: [] };
    const { snapshot } = this.parts;
    const prepared = snapshot.bookOf(caller.gateSlug);
    if (!prepared) throw new ProblemError('store_unavailable', 'The book is not known here yet; try again.');
    const sold = prepared.book.endpoints.filter(({ isEnabled }) => isEnabled);
    const queryAt = path.indexOf('?');
    const { match, why, candidates } = explainMatch(sold, method, queryAt === -1 ? path : path.slice(0, queryAt));
    const weighed = { candidates: candidates.map(toApi), allowedMethods: [] };
    if (match.kind === 'refused') {
      const allowedMethods = match.reason === 'method_not_allowed' ? [...match.allowed] : [];
      return { ...weighed, ...answered(match.reason, why), endpoint: null, allowedMethods };
    }
    const hasPrice = currentTerms(match.endpoint, Math.floor(snapshot.nowMs() / 1000)) !== undefined;
    if (!hasPrice) return { ...weighed, ...answered('endpoint_unknown', 'no_price'), endpoint: null };
    return { ...weighed, ...answered('payment_required', why), endpoint: toApi(match.endpoint) };
  }
}

/** What is answered before anything is matched: by the server, which reads no such request, or by the gate at once. */
function beforeMatching(method: string) {
  if (method === 'OPTIONS') return { status: 204, code: 'preflight', ...toldBy('preflight') } as const;
  if (METHODS.includes(method) && method !== 'CONNECT') return null;
  return { status: problems.request_invalid.status, code: 'request_invalid', ...toldBy('method_unreadable') } as const;
}

function toldBy(reason: MatchReason) {
  return { reason, detail: details[reason] };
}

function answered(code: Exclude<EndpointMatch['code'], 'preflight'>, reason: MatchReason) {
  return { status: problems[code].status, code, ...toldBy(reason) };
}

function toApi({ endpointId, method, path }: GateEndpoint) {
  return { id: encodeId('endpoint', endpointId), method, path };
}
