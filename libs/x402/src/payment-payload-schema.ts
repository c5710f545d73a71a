import { amountAtomicMax } from '@tollbook/domain';
import { z } from 'zod';

/** Schemas of what a client sends. Keys they do not name are ignored: clients add their own, at every level. */

const uint256Schema = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,77})$/, 'must be a whole number written as text, without a sign or leading zeros')
  .transform((text) => BigInt(text))
  .refine((value) => value <= amountAtomicMax, 'must be below 2^256');

/** Seconds may also come as a JSON number, since a number is exact up to 2^53; an amount of money may not. */
const unixSecondsSchema = z.union([uint256Schema, z.int().nonnegative().transform(BigInt)], {
  error: 'must be a whole number of seconds',
});

const addressSchema = hexSchema(/^0x[0-9a-fA-F]{40}$/, 'must be an address of 20 bytes in hex');
const nonceSchema = hexSchema(/^0x[0-9a-fA-F]{64}$/, 'must be 32 bytes in hex');
/** Any whole number of bytes: contract wallets sign with more than 65. */
const signatureSchema = hexSchema(/^0x(?:[0-9a-fA-F]{2})+$/, 'must be bytes in hex');

/** `payload` of scheme `exact` on EVM: an EIP-3009 authorization and its signature. Hex comes out in lower case. */
export const evmExactPayloadSchema = z.object({
  signature: signatureSchema,
  authorization: z.object({
    from: addressSchema,
    to: addressSchema,
    value: uint256Schema,
    validAfter: unixSecondsSchema,
    validBefore: unixSecondsSchema,
    nonce: nonceSchema,
  }),
});

/** What a client fills in of the extension `payment-identifier`; one that knows it not echoes it without an `id`. */
const identifierSchema = z.object({
  info: z
    .object({
      id: z
        .string()
        .regex(/^[A-Za-z0-9_-]{16,128}$/, 'must be 16 to 128 of A-Z, a-z, 0-9, _ and -')
        .nullish(),
    })
    .nullish(),
});

/** A version 1 payment (`X-PAYMENT`). `payload` is left as it came: its shape depends on the chain family. */
export const paymentPayloadV1Schema = z.object({
  x402Version: z.literal(1),
  scheme: z.string(),
  network: z.string(),
  payload: z.unknown(),
});

/** A version 2 payment (`PAYMENT-SIGNATURE`). `payload` is left as it came: its shape depends on the chain family. */
export const paymentPayloadV2Schema = z.object({
  x402Version: z.literal(2),
  resource: z.union([z.object({ url: z.string() }), z.string().transform((url) => ({ url }))]).nullish(),
  accepted: z.object({
    scheme: z.string(),
    network: z.string(),
    asset: z.string(),
    payTo: z.string(),
    amount: z.string(),
    maxTimeoutSeconds: z.number(),
    extra: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((extra) => extra ?? {}),
  }),
  payload: z.unknown(),
  extensions: z.object({ 'payment-identifier': identifierSchema.nullish() }).nullish(),
});

function hexSchema(pattern: RegExp, error: string) {
  return z
    .string()
    .regex(pattern, error)
    .transform((text) => text.toLowerCase());
}
