import { ExactEvmScheme } from '@x402/evm/exact/client';
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/client';
import { x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** A version of the x402 protocol. */
export type X402Version = 1 | 2;

/**
 * A stock x402 client that pays from one key and speaks one version of the protocol: the other version's terms are
 * refused, as by a client that never heard of it. The client's own spending limit is lifted: it is play money.
 */
export function createBuyerClient(privateKey: Hex, version: X402Version): x402Client {
  const account = privateKeyToAccount(privateKey);
  const client = new x402Client().setSpendControls(false);
  if (version === 2) return client.register('eip155:*', new ExactEvmScheme(account));
  const scheme = new ExactEvmSchemeV1(account);
  for (const name of ['base-sepolia', 'base', 'polygon', 'avalanche'] as const) client.registerV1(name, scheme);
  return client;
}

/** The answer as a client of that version reads it: a v1 client knows no `PAYMENT-REQUIRED` header, only the body. */
export function asSeenBy(
  version: X402Version,
  answer: { status: number; headers: Readonly<Record<string, string>>; bodyText: string },
): Response {
  const headers = new Headers(answer.headers);
  // The body was decoded when it was read.
  headers.delete('content-encoding');
  headers.delete('content-length');
  if (version === 1) headers.delete('payment-required');
  const mayHaveBody = answer.status !== 204 && answer.status !== 205 && answer.status !== 304;
  return new Response(mayHaveBody ? answer.bodyText : null, { status: answer.status, headers });
}
