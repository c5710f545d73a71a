export type { AnvilExit } from './anvil-process.js';
export { broadcastAuthorization } from './broadcast-authorization.js';
export type { X402Version } from './buyer-client.js';
export {
  changeDevAccountOwner,
  type PlannedAccount,
  placeDevAccount,
  placeMulticall,
  planDevAccount,
} from './dev-account.js';
export { CANONICAL_USDC, devUsdAbi, type LocalChainId, usdcDomain } from './dev-usd.js';
export { FAUCET_AMOUNT_ATOMIC_MAX, type FaucetAnswer, type FaucetRequest, faucet } from './faucet.js';
export { findAnvil } from './find-anvil.js';
export { MINE_BLOCKS_MAX, mineBlocks } from './mine-blocks.js';
export { newBuyer } from './new-buyer.js';
export { type PaidExchange, type PayOptions, pay } from './pay.js';
export { type Answer, type PricedRequest, requestOffer } from './request-offer.js';
export { runScenario, type Scenario, type ScenarioStep } from './run-scenario.js';
export { SandboxRpcError } from './sandbox-rpc-error.js';
export { readSandboxState, SANDBOX_CHAIN_ID, type SandboxState, type SandboxWallet } from './sandbox-state.js';
export { SandboxUnavailableError } from './sandbox-unavailable-error.js';
export { sendTokens, type TokenTransfer } from './send-tokens.js';
export { type SentPayment, signPayment } from './sign-payment.js';
export { startFacilitator } from './start-facilitator.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.js';
export { type ReorgTx, startTestChain, type TestChain, type TestChainOptions } from './test-chain.js';
