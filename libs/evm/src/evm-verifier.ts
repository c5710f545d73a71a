import { type Authorization, amountAtomicMax, assert } from '@tollbook/domain';
import {
  type AuthorizationVerifier,
  type ChainReader,
  ChainUnavailable,
  type SignedAuthorization,
  type VerifierVerdict,
} from '@tollbook/usecases';
import { authorizationDigest } from './authorization-digest.js';
import { type EcdsaSignature, readEcdsaSignature } from './ecdsa-signature.js';
import { type EvmRpc, resultOf } from './evm-rpc.js';
import type { RpcOutcome } from './match-answers.js';
import { recoverSigner } from './recover-signer.js';
import { revertText } from './revert-text.js';
import { readWord } from './rpc-value.js';
import { encodeWords, selectors } from './token-abi.js';
import { transferCall, transferGasLimit } from './transfer-call.js';

export type EvmVerifierOptions = {
  readonly rpc: EvmRpc;
  /** Finds the log that burnt a nonce. */
  readonly reader: ChainReader;
  readonly chainId: number;
  /** Who would send the transfer; simulations run from there. */
  readonly senderAddress: string;
  /** The state that balance, nonce and simulation are read on: `pending` also sees what waits to be mined. */
  readonly simulationTag: 'latest' | 'pending';
  /** How many blocks back the log of a burnt nonce is looked for; 1,800 (an hour of Base) by default. */
  readonly fateBlocks?: bigint;
};

const fateBlocksDefault = 1_800n;

/** Judges authorizations of externally owned accounts on one EVM chain. */
export function createEvmVerifier(options: EvmVerifierOptions): AuthorizationVerifier {
  return {
    async isSignedByPayer(signed) {
      const signature = readEcdsaSignature(signed.signature);
      if (!signature || !isEncodable(signed.authorization)) return false;
      assertSameChain(options, signed);
      const digest = authorizationDigest(signed.asset, options.chainId, signed.authorization);
      return (await recoverSigner(digest, signature)) === signed.authorization.from.toLowerCase();
    },
    async verify(signed) {
      const signature = readEcdsaSignature(signed.signature);
      if (!signature || !isEncodable(signed.authorization)) {
        return { kind: 'refused', reason: 'signature_invalid', rawReason: 'not a canonical 65-byte signature' };
      }
      assertSameChain(options, signed);
      return verify(options, signed, signature);
    },
  };
}

/** Nonce, balance, simulation: what is spent also fails the other two, and must not look refused. */
async function verify(
  options: EvmVerifierOptions,
  signed: SignedAuthorization,
  signature: EcdsaSignature,
): Promise<VerifierVerdict> {
  const { rpc, simulationTag } = options;
  const { asset, authorization } = signed;
  const data = transferCall(authorization, signature);
  const gas = `0x${transferGasLimit.toString(16)}`;
  const [stateOutcome, balanceOutcome, simulation] = await rpc.batch([
    nonceStateCall(signed, simulationTag),
    {
      method: 'eth_call',
      params: [{ to: asset.contract, data: encodeWords(selectors.balanceOf, authorization.from) }, simulationTag],
    },
    {
      method: 'eth_call',
      params: [{ from: options.senderAddress, to: asset.contract, data, gas }, simulationTag],
    },
  ]);
  if (readIsUsed(rpc, resultOf(rpc.network, 'authorizationState', stateOutcome))) return spent(options, signed);

  const balance = readWord(resultOf(rpc.network, 'balanceOf', balanceOutcome));
  if (balance === undefined) throw new ChainUnavailable(rpc.network, 'balanceOf: the answer makes no sense');
  const refusal = simulationRefusal(rpc, simulation);
  if (refusal === null && balance >= authorization.valueAtomic) return { kind: 'accepted' };

  // The calls of one body see one state or two: a block between them may hold this very payment.
  const { method, params } = nonceStateCall(signed, simulationTag);
  if (readIsUsed(rpc, await rpc.request(method, params))) return spent(options, signed);
  if (balance < authorization.valueAtomic) {
    return { kind: 'refused', reason: 'insufficient_funds', rawReason: `balance ${balance}` };
  }
  return { kind: 'refused', reason: 'verification_refused', rawReason: refusal ?? '' };
}

async function spent(
  { reader, fateBlocks = fateBlocksDefault }: EvmVerifierOptions,
  { asset, authorization }: SignedAuthorization,
): Promise<VerifierVerdict> {
  const { head } = await reader.head();
  const fromNumber = head.number > fateBlocks ? head.number - fateBlocks : 0n;
  const key = { payer: authorization.from, nonce: authorization.nonce };
  const fate = await reader.authorizationFate(asset.contract, key, fromNumber, head.number);
  if (!fate) return { kind: 'spent', by: 'unclear', txHash: null };
  return { kind: 'spent', by: fate.kind === 'used' ? 'transfer' : 'cancellation', txHash: fate.txHash };
}

function nonceStateCall({ asset, authorization }: SignedAuthorization, tag: string) {
  const data = encodeWords(selectors.authorizationState, authorization.from, authorization.nonce);
  return { method: 'eth_call', params: [{ to: asset.contract, data }, tag] };
}

function readIsUsed(rpc: EvmRpc, answer: unknown): boolean {
  const state = readWord(answer);
  if (state === undefined || state > 1n) {
    throw new ChainUnavailable(rpc.network, 'authorizationState: the answer makes no sense');
  }
  return state === 1n;
}

function simulationRefusal(rpc: EvmRpc, simulation: RpcOutcome | undefined): string | null {
  const text = simulation?.kind === 'error' ? revertText(simulation.error) : null;
  if (text === null) resultOf(rpc.network, 'transferWithAuthorization', simulation);
  return text;
}

function assertSameChain({ chainId }: EvmVerifierOptions, { asset }: SignedAuthorization): void {
  assert(asset.network === `eip155:${chainId}`, 'a verifier judges payments of its own network');
}

/** Whether every field fits its type in the token's interface; what does not was never signed for it. */
function isEncodable(authorization: Authorization): boolean {
  const { from, to, valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds, nonce } = authorization;
  const numbers = [valueAtomic, validAfterUnixSeconds, validBeforeUnixSeconds];
  const isAddress = (text: string) => /^0x[0-9a-f]{40}$/i.test(text);
  return (
    isAddress(from) &&
    isAddress(to) &&
    /^0x[0-9a-f]{64}$/i.test(nonce) &&
    numbers.every((number) => number >= 0n && number <= amountAtomicMax)
  );
}
