import { z } from 'zod';
import { listAnswerSchema, listParameters } from './list.js';
import { blockNumberSchema, idSchema, instantSchema, modeSchema, networkSchema } from './scalar.js';
import { lineSchema, textSchema } from './text.js';

/** A receiving address of the book. It belongs to the book for ever and is watched for ever. */
export const walletSchema = z.object({
  id: idSchema('wal'),
  mode: modeSchema,
  network: networkSchema,
  /** In its network's display spelling (checksummed on EVM). */
  address: z.string().min(1),
  label: z.string(),
  /** Whether new offers on its network are paid to it. */
  isReceiving: z.boolean(),
  /** Since when; null where it is not the receiving one. */
  receivingSince: instantSchema.nullable(),
  /** The tokens that are followed, and from which block. */
  assets: z.array(
    z.object({
      asset: z.string(),
      contract: z.string(),
      watchFromBlock: blockNumberSchema,
      /** Older blocks that are still to be read for it, while newer ones are read as they come; null where none are. */
      unread: z.object({ from: blockNumberSchema, to: blockNumberSchema }).nullable(),
    }),
  ),
  createdAt: instantSchema,
});

/** `GET /v1/wallets`, newest first. */
export const walletListSchema = listAnswerSchema(walletSchema);
export const walletListQuerySchema = z.strictObject({ ...listParameters, network: networkSchema.optional() });

/** `POST /v1/wallets`. The first wallet of a network receives at once, others once they are assigned. */
export const createWalletSchema = z.strictObject({
  network: textSchema.min(1, 'is empty'),
  address: textSchema.min(1, 'is empty').max(100, 'is too long'),
  label: lineSchema.default(''),
  /**
   * The first block whose transfers belong to the books: what the address held before has to be nothing. Without it the
   * first block that is not final, and the address has to be empty.
   */
  startBlock: blockNumberSchema.optional(),
  /** Whether the address is a contract that holds the money: then there has to be one, on this very network. */
  isSmartAccount: z.boolean().default(false),
  reason: lineSchema.default('New wallet'),
});

/** `POST /v1/wallets/:id/assign`: new offers on the wallet's network are paid to it from now on. */
export const assignWalletSchema = z.strictObject({ reason: lineSchema.min(1, 'is empty') });

export type Wallet = z.infer<typeof walletSchema>;
export type WalletList = z.infer<typeof walletListSchema>;
export type WalletListQuery = z.infer<typeof walletListQuerySchema>;
export type CreateWallet = z.infer<typeof createWalletSchema>;
export type AssignWallet = z.infer<typeof assignWalletSchema>;
