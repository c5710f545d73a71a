import { z } from 'zod';

/** What stock clients require of a challenge, for whoever reads ours: the strictest of the clients we have seen. */

const atomicText = z.string().regex(/^(0|[1-9][0-9]*)$/);
const extraSchema = z.record(z.string(), z.string());

/** The JSON in `PAYMENT-REQUIRED`. */
export const paymentRequiredV2Schema = z.object({
  x402Version: z.literal(2),
  error: z.string(),
  resource: z.object({
    url: z.url(),
    description: z.string(),
    mimeType: z.string(),
    serviceName: z
      .string()
      .regex(/^[\x20-\x7e]{1,32}$/)
      .optional(),
  }),
  accepts: z.array(
    z.object({
      scheme: z.literal('exact'),
      network: z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/),
      amount: atomicText,
      asset: z.string(),
      payTo: z.string(),
      maxTimeoutSeconds: z.int().positive(),
      extra: extraSchema,
    }),
  ),
  extensions: z.record(z.string(), z.object({ info: z.looseObject({}), schema: z.looseObject({}) })).optional(),
});

/** The JSON body of a 402. Version 1 clients want `mimeType`, an absolute `resource`, and no `outputSchema: null`. */
export const paymentRequiredV1Schema = z.object({
  x402Version: z.literal(1),
  error: z.string(),
  accepts: z.array(
    z.object({
      scheme: z.literal('exact'),
      network: z.string().regex(/^[a-z-]+$/),
      maxAmountRequired: atomicText,
      resource: z.url(),
      description: z.string(),
      mimeType: z.string(),
      outputSchema: z.undefined().optional(),
      payTo: z.string(),
      maxTimeoutSeconds: z.int().positive(),
      asset: z.string(),
      extra: extraSchema,
    }),
  ),
});

/** The JSON in `PAYMENT-RESPONSE` and `X-PAYMENT-RESPONSE`. */
export const settlementResponseSchema = z.object({
  success: z.boolean(),
  transaction: z.string(),
  network: z.string(),
  payer: z.string().optional(),
  errorReason: z.string().optional(),
});
