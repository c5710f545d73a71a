import { createHash } from 'node:crypto';
import type { Authorization } from '@tollbook/domain';
import { ChainUnavailable, type SettlementGateway } from '@tollbook/usecases';
import type { FakeChain } from './fake-chain.js';

/** What the node says of a transaction, and whether a block may ever hold it. */
export type SendScript = { readonly says: 'accepted' | 'uncertain'; readonly isBroadcast: boolean };

export type ScriptedSettlement = SettlementGateway & {
  /** What becomes of the next sends, in order; when empty, of every other one what `otherwise` says. */
  readonly scripts: SendScript[];
  otherwise: SendScript;
  /** The gas nonce that comes next in a block. */
  nextNonce: bigint;
  /** While set, `prepare` throws `ChainUnavailable`. */
  isUnavailable: boolean;
  /** While set, what is stuck is signed anew, for more; else it stays so. */
  isFeeTooLow: boolean;
  /** Everything that was sent, by transaction hash and gas nonce. */
  readonly sent: readonly { readonly txHash: string; readonly gasNonce: bigint }[];
};

/** The gas signer of worlds that are made of fakes. */
export const scriptedSigner = `0x${'9a'.repeat(20)}`;

/** A settlement that signs in its own way and broadcasts to a `FakeChain` as a test wrote down. */
export function scriptedSettlement(chain: FakeChain): ScriptedSettlement {
  const sent: { txHash: string; gasNonce: bigint }[] = [];
  const settlement: ScriptedSettlement = {
    scripts: [],
    otherwise: { says: 'accepted', isBroadcast: true },
    nextNonce: 1_000_000n,
    isUnavailable: false,
    isFeeTooLow: false,
    sent,
    prepare: async ({ authorization }) => {
      if (settlement.isUnavailable) throw new ChainUnavailable(chain.network, 'no node answers');
      return {
        signerAddress: scriptedSigner,
        sign: async (gasNonce) => {
          const signedTx = new TextEncoder().encode(textOf(authorization, gasNonce));
          return { signedTx, txHash: hashOf(signedTx) };
        },
      };
    },
    reprice: async ({ signedTx }) => {
      if (!settlement.isFeeTooLow) return { kind: 'fair' };
      const dearer = new TextEncoder().encode(`${new TextDecoder().decode(signedTx)} dearer`);
      return { kind: 'signed', signedTx: dearer, txHash: hashOf(dearer) };
    },
    minedNonces: async () => settlement.nextNonce,
    send: async (signedTx) => {
      const { authorization, gasNonce } = parse(signedTx);
      const txHash = hashOf(signedTx);
      sent.push({ txHash, gasNonce });
      const { says, isBroadcast } = settlement.scripts.shift() ?? settlement.otherwise;
      if (isBroadcast) chain.submit({ txHash, actions: [{ kind: 'authorize', authorization }] });
      return says === 'accepted' ? { kind: 'accepted' } : { kind: 'uncertain', hint: 'scripted' };
    },
  };
  return settlement;
}

function textOf(a: Authorization, gasNonce: bigint): string {
  const fields = [gasNonce, a.from, a.to, a.valueAtomic, a.validAfterUnixSeconds, a.validBeforeUnixSeconds, a.nonce];
  return fields.join(' ');
}

function parse(signedTx: Uint8Array): { readonly authorization: Authorization; readonly gasNonce: bigint } {
  const [gasNonce = '', from = '', to = '', value = '', after = '', before = '', nonce = ''] = new TextDecoder()
    .decode(signedTx)
    .split(' ');
  const window = { validAfterUnixSeconds: BigInt(after), validBeforeUnixSeconds: BigInt(before) };
  return { gasNonce: BigInt(gasNonce), authorization: { from, to, valueAtomic: BigInt(value), ...window, nonce } };
}

function hashOf(bytes: Uint8Array): string {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}
