export { authorizationDigest, domainSeparator, type TokenDomainParts } from './authorization-digest.js';
export {
  type BuiltInSettlementOptions,
  createBuiltInSettlement,
  gasNonceOf,
  nativeBalanceOf,
} from './built-in-settlement.js';
export { checkNode, type NodeCheck } from './check-node.js';
export { checksumAddress } from './checksum-address.js';
export { createEvmChainReader } from './evm-chain-reader.js';
export { createEvmProofVerifier } from './evm-proof-verifier.js';
export { createEvmRpc, type EvmRpc, type EvmRpcOptions, type RpcCall } from './evm-rpc.js';
export { EvmRpcError, rpcErrorOf } from './evm-rpc-error.js';
export { createEvmVerifier, type EvmVerifierOptions } from './evm-verifier.js';
export { addressOfKey, createGasSigner, type GasSigner, type GasTx, noGasSigner } from './gas-signer.js';
export { createHeadSocket, type HeadSocket } from './head-socket.js';
export type { RpcOutcome } from './match-answers.js';
export { type MeterOptions, meteredRpc } from './metered-rpc.js';
export { createSignatureReader, type ReadPayerSignature, type SignatureReaderOptions } from './payer-signature.js';
export { RateBudget } from './rate-budget.js';
export { isRecoveryNative } from './recover-signer.js';
export { createRpcPool, type PooledNode, type RpcPool, type RpcPoolOptions } from './rpc-pool.js';
export { defaultFeePolicy, type FeePolicy } from './settlement-fees.js';
export { checkToken, readTokenDomain, type TokenCheck, type TokenDomain } from './token-domain.js';
export { transferGasLimit } from './transfer-call.js';
