import type { ProofResult } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';

/** How books and chain compare over all networks; `incomplete` where one could not be asked and none differs. */
export type NetworksProof = 'agrees' | 'differs' | 'incomplete';

/** What the operator asked to have proved; null where everything. */
export type AskedProof = { readonly network: string | null; readonly blockNumber: bigint | null };

type Refusal = Extract<ProofResult, { kind: 'refused' }>;

const usageExitCode = 2;

/** The last line of a verification and its exit code: books that were not compared everywhere are not called wrong. */
export function booksVerdict(found: {
  readonly proof: NetworksProof;
  readonly isIntact: boolean;
  readonly isConsistent: boolean;
}): { readonly text: string; readonly exitCode: number } {
  if (found.proof === 'differs' || !found.isIntact || !found.isConsistent) {
    return { text: 'The books do NOT hold: see above.', exitCode: 1 };
  }
  if (found.proof === 'incomplete') {
    return { text: 'Not everything could be proved, and nothing was found wrong: see above.', exitCode: 1 };
  }
  return { text: 'The books hold.', exitCode: 0 };
}

/** Says why a network is not proved; throws it as a CliError (2) where that network or block is what was asked for. */
export function refusalText(asked: AskedProof, network: string, refusal: Refusal): string {
  const what = asked.blockNumber === null ? 'its newest final block' : `block ${asked.blockNumber}`;
  const wasNamed = asked.blockNumber !== null;
  switch (refusal.reason) {
    case 'block_not_confirmed': {
      const why = refusal.isMined ? 'is not confirmed yet' : 'was not read yet';
      const upTo = `the confirmed height is ${refusal.confirmedNumber}`;
      return tellOrThrow(wasNamed, `${network}: ${what} ${why}, so it proves nothing: ${upTo}.`);
    }
    case 'block_before_wallet': {
      const since = `nothing is known before block ${refusal.firstNumber}`;
      return tellOrThrow(wasNamed, `${network}: ${what} lies before the wallets were watched: ${since}.`);
    }
    case 'wallet_unknown':
      return tellOrThrow(
        asked.network !== null,
        `${network}: no wallet that is watched there has this address, or its older blocks are still read.`,
      );
    case 'asset_unknown':
      return tellOrThrow(asked.network !== null, `${network}: the wallet is not watched for this asset.`);
    case 'from_above_block':
      return tellOrThrow(true, `${network}: the first block lies above ${what}.`);
    case 'network_unknown':
      return tellOrThrow(asked.network !== null, `${network}: not read yet, or no node is configured for it.`);
  }
}

function tellOrThrow(wasAskedFor: boolean, text: string): string {
  if (wasAskedFor) throw new CliError(text, {}, usageExitCode);
  return text;
}
