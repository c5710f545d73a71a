import { z } from 'zod';
import { idSchema } from './scalar.js';
import { textSchema } from './text.js';

/** `POST /v1/endpoints/match`: a request as it would stand on the wire. */
export const matchEndpointSchema = z.strictObject({
  method: textSchema.min(1, 'is empty').max(16, 'is too long'),
  /** What follows `/g/<slug>`, spelled as it would be sent; a query may follow it. */
  path: textSchema.min(1, 'is empty').max(2_000, 'has at most 2000 characters'),
});

/** Why a request meets an endpoint or none: by the rule of precedence, or by what is wrong with its path. */
export const matchReasonSchema = z.enum([
  'only_pattern',
  'closest_pattern',
  'no_price',
  'no_pattern',
  'other_method',
  'other_spelling',
  'not_rooted',
  'character_not_allowed',
  'empty_segment',
  'dot_segment',
  'percent_malformed',
  'percent_needless',
  'preflight',
  'method_unreadable',
]);

const matchedEndpointSchema = z.object({ id: idSchema('ep'), method: z.string(), path: z.string() });

export const endpointMatchSchema = z.object({
  /** What the gate answers to such a request without a payment. */
  status: z.int(),
  code: z.enum([
    'payment_required',
    'path_not_canonical',
    'endpoint_unknown',
    'method_not_allowed',
    'request_invalid',
    'preflight',
  ]),
  reason: matchReasonSchema,
  /** The same for people. */
  detail: z.string(),
  /** The endpoint that the request meets; null where it is refused. */
  endpoint: matchedEndpointSchema.nullable(),
  /** The endpoints that were weighed, the closest first. */
  candidates: z.array(matchedEndpointSchema),
  /** The methods that are sold on this path, where the request's is not. */
  allowedMethods: z.array(z.string()),
});

export type MatchEndpoint = z.infer<typeof matchEndpointSchema>;
export type EndpointMatch = z.infer<typeof endpointMatchSchema>;
export type MatchReason = z.infer<typeof matchReasonSchema>;
