import { toV1Network } from './network-name.js';

export type Settlement = {
  readonly isSuccess: boolean;
  /** Null when nothing was sent, or nothing is known of it. */
  readonly txHash: string | null;
  /** CAIP-2. */
  readonly network: string;
  readonly payer: string | null;
  readonly errorReason?: string | undefined;
};

export type SettlementHeader = {
  readonly headerName: 'PAYMENT-RESPONSE' | 'X-PAYMENT-RESPONSE';
  readonly value: string;
};

/** The header that tells a buyer how its payment ended, in the version the buyer spoke. */
export function encodeSettlementResponse(x402Version: 1 | 2, settlement: Settlement): SettlementHeader {
  const { isSuccess, txHash, network, payer, errorReason } = settlement;
  const wire = {
    success: isSuccess,
    // Required by both versions' schemas, and empty where there is no transaction to name.
    transaction: txHash ?? '',
    network: x402Version === 1 ? toV1Network(network) : network,
    ...(payer === null ? {} : { payer }),
    ...(errorReason === undefined ? {} : { errorReason }),
  };
  return {
    headerName: x402Version === 1 ? 'X-PAYMENT-RESPONSE' : 'PAYMENT-RESPONSE',
    value: Buffer.from(JSON.stringify(wire), 'utf8').toString('base64'),
  };
}
