import { z } from 'zod';

/**
 * The 402 that a draft price would be answered with, made by the gate's own code. Nothing is written, and the invoice
 * id in it opens nothing: it is sealed by no key.
 */
export const offerPreviewSchema = z.object({
  status: z.literal(402),
  /** Where buyers would call it. */
  url: z.string(),
  /** Every header of the answer, in order, `payment-required` among them. */
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** The value of `PAYMENT-REQUIRED` as it is sent, and how many characters a header may have. */
  rawHeader: z.string(),
  headerChars: z.int().positive(),
  headerCharsMax: z.int().positive(),
  /** The same decoded: version 2 of the protocol. */
  paymentRequired: z.record(z.string(), z.unknown()),
  /** The body: version 1 of the protocol and the problem in one object. */
  body: z.record(z.string(), z.unknown()),
  /** A command that asks for the offer. */
  curl: z.string(),
});

export type OfferPreview = z.infer<typeof offerPreviewSchema>;
