import {
  createBuiltInSettlement,
  createEvmChainReader,
  createEvmProofVerifier,
  createEvmRpc,
  createEvmVerifier,
  createGasSigner,
  createSignatureReader,
} from '@tollbook/evm';
import type { SandboxState } from '@tollbook/sandbox';
import type { ChainReader, PaymentChain, Sealer, SetupStore } from '@tollbook/usecases';
import { sealedPlaces } from '@tollbook/vault';

export type OpenChain = { readonly reader: ChainReader; readonly payment: PaymentChain };

const rpcTimeoutMs = 5_000;

/** The networks that this process can take payments on, by CAIP-2. So far: the sandbox's own chain. */
export async function openChains(parts: {
  readonly sandbox: SandboxState | null;
  readonly setup: SetupStore;
  readonly sealer: Sealer;
  /** Lower-case. */
  readonly accountFactories: ReadonlySet<string>;
}): Promise<ReadonlyMap<string, OpenChain>> {
  const chains = new Map<string, OpenChain>();
  if (!parts.sandbox) return chains;
  const { rpcUrl, chainId } = parts.sandbox.evm;
  const network = `eip155:${chainId}`;
  const [signer] = (await parts.setup.gasSigners()).filter((each) => each.network === network);
  if (!signer) return chains;
  const rpc = createEvmRpc({ network, url: rpcUrl, timeoutMs: rpcTimeoutMs });
  const reader = createEvmChainReader({ network, rpc });
  const gasSigner = createGasSigner(
    new TextDecoder().decode(parts.sealer.open(signer.keySealed, sealedPlaces.gasSignerKey)),
  );
  const senderAddress = gasSigner.address;
  // The sandbox rests when nothing happens: its newest block may be old, the pending one carries today's time.
  const readSignature = createSignatureReader({ rpc, chainId, accountFactories: parts.accountFactories });
  const simulated = { simulationTag: 'pending', senderAddress } as const;
  const verifier = createEvmVerifier({ rpc, reader, chainId, readSignature, ...simulated });
  const settlement = createBuiltInSettlement({ rpc, chainId, readSignature, signer: gasSigner });
  return chains.set(network, {
    reader,
    payment: { reader, verifier, settlement, proofs: createEvmProofVerifier({ rpc }) },
  });
}
