import { z } from 'zod';
import { atomicTextSchema, blockNumberSchema, networkSchema, signedAtomicTextSchema } from './scalar.js';

/** One wallet and token at one block: opening + in - out = closing, and onChain - closing = difference. */
export const booksProofRowSchema = z.object({
  network: networkSchema,
  wallet: z.string().min(1),
  /** The token's contract: what `balanceOf` is asked of. */
  asset: z.string().min(1),
  block: blockNumberSchema,
  opening: atomicTextSchema,
  in: atomicTextSchema,
  out: atomicTextSchema,
  /** What the books say; negative only when they are wrong. */
  closing: signedAtomicTextSchema,
  onChain: atomicTextSchema,
  difference: signedAtomicTextSchema,
});

/** `GET /v1/books/proof`: every watched wallet and token of the book, not in pages. */
export const booksProofSchema = z.object({ data: z.array(booksProofRowSchema) });

/** What the proof may be asked. A block is a height on one network, so it needs the network named. */
export const booksProofQuerySchema = z
  .strictObject({
    network: networkSchema.optional(),
    block: z
      .string()
      .regex(/^(0|[1-9][0-9]{0,14})$/, 'must be a block height')
      .transform(Number)
      .optional(),
  })
  .refine(({ network, block }) => block === undefined || network !== undefined, {
    path: ['network'],
    message: 'is needed where a block is named',
  });

export type BooksProofRow = z.infer<typeof booksProofRowSchema>;
export type BooksProof = z.infer<typeof booksProofSchema>;
export type BooksProofQuery = z.infer<typeof booksProofQuerySchema>;
