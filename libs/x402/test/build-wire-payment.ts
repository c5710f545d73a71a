import type { PaymentHeaders } from '../src/payment-headers.js';

export type Json = Readonly<Record<string, unknown>>;

const authorization = {
  from: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  to: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
  value: '10000',
  validAfter: '0',
  validBefore: '1795149546',
  nonce: `0x34${'d1'.repeat(30)}AD`,
};

/** `payload` of scheme exact on EVM, with some keys of its authorization changed. */
export function buildExactPayload(changes: Json = {}): Json {
  return { authorization: { ...authorization, ...changes }, signature: `0x83${'7e'.repeat(63)}1B` };
}

/** The terms a version 2 client says it accepted. */
export function buildAccepted(): Json {
  return {
    scheme: 'exact',
    network: 'eip155:84532',
    amount: '10000',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    payTo: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    maxTimeoutSeconds: 300,
    extra: { name: 'USDC', version: '2', invoiceId: 'inv_abc' },
  };
}

/** A version 2 payment as stock clients send it. */
export function buildV2Payment(changes: Json = {}): Json {
  return {
    x402Version: 2,
    payload: buildExactPayload(),
    resource: { url: 'http://127.0.0.1:4020/g/demo/weather', description: 'Weather', mimeType: 'application/json' },
    accepted: buildAccepted(),
    ...changes,
  };
}

/** A version 1 payment as stock clients send it. */
export function buildV1Payment(changes: Json = {}): Json {
  return { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload: buildExactPayload(), ...changes };
}

/** Base64 of a value's JSON, or of a text as it is. */
export function toHeader(value: Json | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8').toString('base64');
}

/** Headers of a request that carries no payment, with some changed. */
export function buildHeaders(changes: Partial<PaymentHeaders> = {}): PaymentHeaders {
  const none = { paymentSignature: [], xPayment: [], authorization: [], olderNames: [] };
  return { ...none, paymentTx: [], paymentProof: [], invoiceId: [], ...changes };
}
