import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { idSchema, instantSchema } from './scalar.js';
import { lineSchema } from './text.js';

/** A payer on a list: where there is one, nobody else may pay. An endpoint's own list holds before the book's. */
export const allowedPayerSchema = z.object({
  id: idSchema('alp'),
  /** Null: the list of every endpoint that has none of its own. */
  endpointId: idSchema('ep').nullable(),
  payer: z.string(),
  note: z.string(),
  createdAt: instantSchema,
});

/** `GET /v1/allowed-payers`, newest first. */
export const allowedPayerListSchema = listAnswerSchema(allowedPayerSchema);
export const allowedPayerListQuerySchema = z.strictObject(listParameters);

/** How many payers one request puts on a list: together, so that none of them is shut out in between. */
const allowedPayersMax = 200;

/** The body of `POST /v1/allowed-payers`. Who is on the list already stays there. */
export const addAllowedPayersSchema = z.strictObject({
  endpointId: idSchema('ep').nullable().default(null),
  payers: z
    .array(z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address such as 0x1234…, of 40 digits'))
    .min(1, 'is empty')
    .max(allowedPayersMax, `holds more than ${allowedPayersMax}`),
  note: lineSchema.default(''),
});

export const addedPayersSchema = z.object({ data: z.array(allowedPayerSchema) });

/** Query of `DELETE /v1/allowed-payers/:id`. The last of a list is only taken off with `opens=true`: then anybody may pay. */
export const allowedPayerRemovalSchema = z.strictObject({
  reason: lineSchema.default(''),
  opens: z.enum(['true', 'false']).default('false'),
});

export type AllowedPayer = z.infer<typeof allowedPayerSchema>;
export type AllowedPayerList = z.infer<typeof allowedPayerListSchema>;
export type AllowedPayerListQuery = z.infer<typeof allowedPayerListQuerySchema>;
export type AddAllowedPayers = z.infer<typeof addAllowedPayersSchema>;
export type AddedPayers = z.infer<typeof addedPayersSchema>;
export type AllowedPayerRemoval = z.infer<typeof allowedPayerRemovalSchema>;
