export { challengeBody } from './challenge-body.js';
export { paymentRequiredV1Schema, paymentRequiredV2Schema, settlementResponseSchema } from './challenge-schema.js';
export { paymentHeaderCharsMax } from './decode-base64-json.js';
export { type DecodeRefusal, type DecodeResult, decodePaymentHeaders } from './decode-payment-headers.js';
export {
  type Challenge,
  type ChallengeInput,
  type ChallengeOffer,
  challengeFits,
  challengeHeaderCharsMax,
  prepareChallenge,
  type WrittenChallenge,
} from './encode-payment-required.js';
export { encodeSettlementResponse, type Settlement, type SettlementHeader } from './encode-settlement-response.js';
export {
  type FacilitatorOrder,
  facilitatorKindsSchema,
  facilitatorRequest,
  facilitatorSettlementSchema,
  facilitatorVerdictSchema,
  signedOf,
} from './facilitator-messages.js';
export { fromV1Network, toV1Network } from './network-name.js';
export { type PaymentHeaders, paymentHeadersOf } from './payment-headers.js';
export { evmExactPayloadSchema, paymentPayloadV1Schema, paymentPayloadV2Schema } from './payment-payload-schema.js';
