import type { ProofResult } from '@tollbook/usecases';
import { CliError } from '../cli-error.js';

/** How books and chain compare over all networks; `incomplete` where one could not be asked and none differs. */
export type NetworksProof = 'agrees' | 'differs' | 'incomplete';

/** What the operator asked to have proved; null where everything. */
export type AskedProof = { readonly network: string | null; readonly blockNumber: bigint | null };

type Refusal = Extract<ProofResult, { kind: 'refused' }>['reason'];

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
export function refusalText(asked: AskedProof, network: string, reason: Refusal): string {
  if (reason === 'block_not_confirmed') {
    const what = asked.blockNumber === null ? 'its newest final block' : `block ${asked.blockNumber}`;
    return tellOrThrow(asked.blockNumber !== null, `${network}: ${what} is not confirmed yet, so it proves nothing.`);
  }
  return tellOrThrow(asked.network !== null, `${network}: not read yet, or no node is configured for it.`);
}

function tellOrThrow(wasAskedFor: boolean, text: string): string {
  if (wasAskedFor) throw new CliError(text, {}, usageExitCode);
  return text;
}
