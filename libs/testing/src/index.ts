export { buildAuthorization, buildPresentedPayment, type PaymentChanges } from './build-presented-payment.js';
export { buildSealKey } from './build-seal-key.js';
export { buildTerms, testAsset } from './build-terms.js';
export {
  type ChainAction,
  type ChainTx,
  type FakeBlock,
  FakeChain,
  type FakeChainOptions,
  type SpentNonce,
} from './fake-chain.js';
export { fakeChainReader, type NodeFaults } from './fake-chain-reader.js';
export {
  type FacilitatorScript,
  facilitatorScripts,
  type MockFacilitator,
  type MockFacilitatorOptions,
  type MockOrder,
  startMockFacilitator,
} from './mock-facilitator.js';
export { type ScriptedFacilitators, scriptedFacilitators } from './scripted-facilitators.js';
export { type ScriptedSettlement, type SendScript, scriptedSettlement, scriptedSigner } from './scripted-settlement.js';
export { type ScriptedVerifier, scriptedVerifier, validSignature } from './scripted-verifier.js';
export { type TestClock, testClock } from './test-clock.js';
export { testCrypto } from './test-crypto.js';
export { testSealer } from './test-sealer.js';
