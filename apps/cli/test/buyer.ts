import type { World } from './world.js';

export type BuyerAnswer = {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
  /** The stable code of a refusal, or undefined. */
  readonly code: string | undefined;
  readonly receipt: {
    success: boolean;
    transaction: string;
    network: string;
    payer?: string;
    errorReason?: string;
  } | null;
};

/** Sends a request with a payment header (or none), as any HTTP client would. */
export async function send(
  url: string,
  headers: Record<string, string> = {},
  init: Omit<RequestInit, 'headers'> = {},
): Promise<BuyerAnswer> {
  const response = await fetch(url, { ...init, headers });
  const body = await response.text();
  const receipt = response.headers.get('payment-response') ?? response.headers.get('x-payment-response');
  return {
    status: response.status,
    body,
    header: (name) => response.headers.get(name),
    code: codeOf(response, body),
    receipt: receipt === null ? null : JSON.parse(Buffer.from(receipt, 'base64').toString('utf8')),
  };
}

/** The same where nothing may be offered: whoever has sent a payment is not to be asked for another. */
export async function sendUninvited(url: string, headers: Record<string, string>): Promise<BuyerAnswer> {
  const answer = await send(url, headers);
  if (answer.header('payment-required') !== null) throw new Error(`${answer.status} ${answer.code} invites to pay`);
  return answer;
}

function codeOf(response: Response, body: string): string | undefined {
  if (body === '' || !(response.headers.get('content-type') ?? '').includes('json')) return undefined;
  const { code } = JSON.parse(body) as { code?: string };
  return code;
}

/** Signs an offer of a URL and gives the header to send, as often as a test wants. */
export async function signedHeader(world: World, url: string, version: 1 | 2 = 2): Promise<Record<string, string>> {
  const { headerName, rawHeader } = await world.sign(url, version);
  return { [headerName]: rawHeader };
}

/** A payment header with its decoded payload changed. */
export function tampered(
  header: Record<string, string>,
  change: (payload: TamperedPayload) => void,
): Record<string, string> {
  const [[name, value] = ['', '']] = Object.entries(header);
  const payload = JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as TamperedPayload;
  change(payload);
  return { [name]: Buffer.from(JSON.stringify(payload)).toString('base64') };
}

export type TamperedPayload = {
  x402Version: number;
  accepted: {
    network: string;
    asset: string;
    payTo: string;
    amount: string;
    scheme: string;
    extra: Record<string, string>;
  };
  payload: {
    signature: string;
    authorization: Record<'from' | 'to' | 'value' | 'validAfter' | 'validBefore' | 'nonce', string>;
  };
  resource?: { url: string };
  extensions?: Record<string, { info: Record<string, unknown> }>;
};
