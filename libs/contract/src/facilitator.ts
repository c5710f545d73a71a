import { z } from 'zod';
import { idSchema, instantSchema, networkSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** How well one settled the payments of the last seven days, as the chain has judged them so far. */
export const facilitatorScorecardSchema = z.object({
  sinceDays: z.int().positive(),
  /** Payments that were sent to it. */
  sent: z.int().nonnegative(),
  confirmed: z.int().nonnegative(),
  /** Milliseconds from sending to its word, half and nineteen of twenty of them; null where none was given. */
  latencyMsP50: z.int().nonnegative().nullable(),
  latencyMsP95: z.int().nonnegative().nullable(),
  /** Of those sent, how many were in doubt for a while, and how many are now. */
  everUnknown: z.int().nonnegative(),
  unknownNow: z.int().nonnegative(),
  /** Between 0 and 1; null where nothing was sent. */
  unknownShare: z.number().min(0).max(1).nullable(),
  /** It said done, and no block shows it. */
  saidDoneNeverSeen: z.int().nonnegative(),
  /** It said no, and the transfer came. */
  saidNoButCame: z.int().nonnegative(),
  /** Named another transaction than the one that the chain shows. */
  saidOtherHash: z.int().nonnegative(),
  /** When it last took a payment that the chain then showed. */
  lastSettledAt: instantSchema.nullable(),
});

/** `ready`: it answered when it was last asked, and may be sent payments. */
export const facilitatorStateSchema = z.enum(['ready', 'away', 'not_asked_yet', 'disabled']);

/** One who settles. Credentials are written and never shown. */
export const facilitatorSchema = z.object({
  id: idSchema('fac'),
  kind: z.enum(['built_in', 'remote']),
  name: z.string().min(1),
  /** Null for the built-in one. */
  url: z.string().min(1).nullable(),
  auth: z.enum(['none', 'cdp']),
  /** Lower is asked first. */
  position: z.int().nonnegative(),
  verifiesFirst: z.boolean(),
  trustsRefusals: z.boolean(),
  allowsPlainHttp: z.boolean(),
  isEnabled: z.boolean(),
  state: facilitatorStateSchema,
  /** What it did not answer to: `timeout`, `http_503` and the like, or `no_gas_key`; null while it is there. */
  reason: z.string().nullable(),
  /** What it settles on: as it says, or where the built-in one has a gas key. */
  networks: z.array(networkSchema),
  scorecard: facilitatorScorecardSchema,
  createdAt: instantSchema,
});

/** `GET /v1/facilitators`, in the order in which they are asked. Without any, the built-in one settles alone. */
export const facilitatorListSchema = z.object({ data: z.array(facilitatorSchema), nextCursor: z.null() });

const nameSchema = lineSchema.min(1, 'is empty').max(100, 'has at most 100 characters');
const urlSchema = textSchema.min(1, 'is empty').max(500, 'has at most 500 characters');
const credentialsSchema = z.strictObject({
  keyId: textSchema.min(1, 'is empty').max(200, 'has at most 200 characters'),
  keySecret: textSchema.min(1, 'is empty').max(4_000, 'has at most 4000 characters'),
});
const positionSchema = z.int().min(0, 'is at least 0').max(1_000, 'is at most 1000');

/** `POST /v1/facilitators`. */
export const createFacilitatorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('built_in'),
    name: nameSchema.default('Built in'),
    position: positionSchema.default(0),
    reason: lineSchema.default('New facilitator'),
  }),
  z.strictObject({
    kind: z.literal('remote'),
    name: nameSchema,
    url: urlSchema,
    auth: z.enum(['none', 'cdp']).default('none'),
    credentials: credentialsSchema.optional(),
    position: positionSchema.default(0),
    /** Asks `/verify` before anything is sent. */
    verifiesFirst: z.boolean().default(false),
    /** Takes its word for a refusal that comes before anything is sent. Whoever lies then makes buyers pay twice. */
    trustsRefusals: z.boolean().default(false),
    allowsPlainHttp: z.boolean().default(false),
    reason: lineSchema.default('New facilitator'),
  }),
]);

/** `PATCH /v1/facilitators/:id`. */
export const changeFacilitatorSchema = z
  .strictObject({
    name: nameSchema.optional(),
    credentials: credentialsSchema.optional(),
    position: positionSchema.optional(),
    verifiesFirst: z.boolean().optional(),
    trustsRefusals: z.boolean().optional(),
    isEnabled: z.boolean().optional(),
    reason: lineSchema.default(''),
  })
  .refine(({ reason: _, ...changes }) => Object.keys(changes).length > 0, 'changes nothing');

export type Facilitator = z.infer<typeof facilitatorSchema>;
export type FacilitatorList = z.infer<typeof facilitatorListSchema>;
export type CreateFacilitator = z.infer<typeof createFacilitatorSchema>;
export type ChangeFacilitator = z.infer<typeof changeFacilitatorSchema>;
