import {
  type AuthorizationVerifier,
  type ChainReader,
  ChainUnavailable,
  type SignedAuthorization,
  type VerifierVerdict,
} from '@tollbook/usecases';
import { type EvmRpc, resultOf } from './evm-rpc.js';
import type { RpcOutcome } from './match-answers.js';
import {
  createSignatureReader,
  type PayerSignature,
  type ReadPayerSignature,
  recoverPayer,
} from './payer-signature.js';
import { revertText } from './revert-text.js';
import { readWord } from './rpc-value.js';
import { encodeWords, selectors } from './token-abi.js';
import { transferCall } from './transfer-call.js';

export type EvmVerifierOptions = {
  readonly rpc: EvmRpc;
  /** Finds the log that burnt a nonce. */
  readonly reader: ChainReader;
  readonly chainId: number;
  /** Who would send the transfer; simulations run from there. */
  readonly senderAddress: string;
  /** The state that balance, nonce and simulation are read on: `pending` also sees what waits to be mined. */
  readonly simulationTag: 'latest' | 'pending';
  /** Shared with the gateway, so that a signature is recovered once; one that allows no factory by default. */
  readonly readSignature?: ReadPayerSignature;
  /** How many blocks back the log of a burnt nonce is looked for; 1,800 (an hour of Base) by default. */
  readonly fateBlocks?: bigint;
};

const fateBlocksDefault = 1_800n;

/** Judges authorizations on one EVM chain. */
export function createEvmVerifier(options: EvmVerifierOptions): AuthorizationVerifier {
  const readSignature = options.readSignature ?? createSignatureReader(options);
  return {
    async checkSignature(signed) {
      const signature = await readSignature(signed);
      if (signature.kind === 'refused') return signature;
      return { kind: 'plausible', signer: signature.kind === 'key' ? 'key' : 'contract' };
    },
    recoverSigner: (signed) => recoverPayer(options.chainId, signed),
    async verify(signed) {
      const signature = await readSignature(signed);
      if (signature.kind === 'refused') {
        const rawReason = `expected ${signature.expected}, received ${signature.received}`;
        return { kind: 'refused', reason: 'signature_invalid', rawReason };
      }
      return verify(options, signed, signature);
    },
  };
}

/** Nonce, balance, simulation: what is spent also fails the other two, and must not look refused. */
async function verify(
  options: EvmVerifierOptions,
  signed: SignedAuthorization,
  signature: Exclude<PayerSignature, { kind: 'refused' }>,
): Promise<VerifierVerdict> {
  const { rpc, simulationTag } = options;
  const { asset, authorization } = signed;
  const { to, data, gasLimit } = transferCall(asset, authorization, signature);
  const gas = `0x${gasLimit.toString(16)}`;
  const [stateOutcome, balanceOutcome, simulation] = await rpc.batch([
    nonceStateCall(signed, simulationTag),
    {
      method: 'eth_call',
      params: [{ to: asset.contract, data: encodeWords(selectors.balanceOf, authorization.from) }, simulationTag],
    },
    { method: 'eth_call', params: [{ from: options.senderAddress, to, data, gas }, simulationTag] },
  ]);
  if (readIsUsed(rpc, resultOf(rpc.network, 'authorizationState', stateOutcome))) return spent(options, signed);

  const balance = readWord(resultOf(rpc.network, 'balanceOf', balanceOutcome));
  if (balance === undefined) throw new ChainUnavailable(rpc.network, 'balanceOf: the answer makes no sense');
  const refusal = simulationRefusal(rpc, simulation) ?? emptyRefusal(signature, simulation);
  if (refusal === null && balance >= authorization.valueAtomic) {
    return { kind: 'accepted', signer: signature.kind === 'key' ? 'key' : 'contract' };
  }

  // The calls of one body see one state or two: a block between them may hold this very payment.
  const { method, params } = nonceStateCall(signed, simulationTag);
  if (readIsUsed(rpc, await rpc.request(method, params))) return spent(options, signed);
  if (balance < authorization.valueAtomic) {
    return { kind: 'refused', reason: 'insufficient_funds', rawReason: `balance ${balance}` };
  }
  const reason = isAboutSignature.test(refusal ?? '') ? 'signature_invalid' : 'verification_refused';
  return { kind: 'refused', reason, rawReason: refusal ?? '' };
}

/** How tokens say that a contract did not sign. */
const isAboutSignature = /invalid signature/i;

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

/** A call of an address without code succeeds and does nothing; Multicall3 answers with what each call did. */
function emptyRefusal(signature: PayerSignature, simulation: RpcOutcome | undefined): string | null {
  const isEmpty = simulation?.kind === 'result' && simulation.value === '0x';
  return signature.kind === 'planned_contract' && isEmpty ? 'this network has no Multicall3' : null;
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
