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

/** A row behind a difference: what only the chain has, what only the books have, or what both have otherwise. */
const differenceRowSchema = z.object({
  kind: z.enum(['not_recorded', 'not_on_chain', 'booked_otherwise']),
  /** What it adds to the difference. */
  effect: signedAtomicTextSchema,
  block: blockNumberSchema,
  txHash: z.string().nullable(),
  /** The log's index in its block. */
  position: z.int().nonnegative().nullable(),
  transferId: z.string().nullable(),
  /** The entry's number in its book. */
  entry: z.int().positive().nullable(),
});

const explainedProofSchema = booksProofRowSchema.extend({
  blockHash: z.string(),
  /** The block from which on `in` and `out` count; null where they count since the wallet is watched. */
  from: blockNumberSchema.nullable(),
  /** Negative only when the books are wrong. */
  opening: signedAtomicTextSchema,
  /** The rows behind a difference, and what they leave of it; null where nothing differs. */
  explanation: z.object({ rows: z.array(differenceRowSchema), unexplained: signedAtomicTextSchema }).nullable(),
});

/** `GET /v1/books/proof`: every watched wallet and token of the book that was asked for, not in pages. */
export const booksProofSchema = z.object({ data: z.array(explainedProofSchema) });

const blockTextSchema = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,14})$/, 'must be a block height')
  .transform(Number)
  .optional();

/** An address, a symbol or a contract. */
const nameSchema = z.string().regex(/^[0-9A-Za-z._:-]{1,100}$/, 'must be an address or a symbol');

/** What the proof may be asked. Heights, wallets and tokens are those of one network, so they need it named. */
export const booksProofQuerySchema = z
  .strictObject({
    network: networkSchema.optional(),
    /** The block to prove at; `block` is its other name. */
    at: blockTextSchema,
    block: blockTextSchema,
    /** The first block whose movements count as in and out. */
    from: blockTextSchema,
    wallet: nameSchema.optional(),
    /** A symbol, or the token's contract. */
    asset: nameSchema.optional(),
  })
  .refine(({ network, ...rest }) => network !== undefined || Object.values(rest).every((each) => each === undefined), {
    path: ['network'],
    message: 'is needed where a block, a wallet or an asset is named',
  })
  .refine(({ at, block }) => at === undefined || block === undefined || at === block, {
    path: ['at'],
    message: 'and block are two names of one thing',
  });

export type BooksProofRow = z.infer<typeof booksProofRowSchema>;
export type BooksProof = z.infer<typeof booksProofSchema>;
export type BooksProofQuery = z.infer<typeof booksProofQuerySchema>;
