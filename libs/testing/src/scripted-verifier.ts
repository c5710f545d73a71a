import type { AuthorizationVerifier, SignedAuthorization, VerifierVerdict } from '@tollbook/usecases';

/** The one signature that a `scriptedVerifier` takes for its payer's. */
export const validSignature = `0x${'51'.repeat(65)}`;

export type ScriptedVerifier = AuthorizationVerifier & {
  /** What `verify` answers next, in order; `accepted` when empty. An error is thrown. */
  readonly verdicts: (VerifierVerdict | Error)[];
  /** Who signs: what a contract signed is no proof before it was asked. */
  signer: 'key' | 'contract';
  /** What it was asked to verify. */
  readonly asked: readonly SignedAuthorization[];
};

/** A verifier that says what a test wrote down, and counts. */
export function scriptedVerifier(): ScriptedVerifier {
  const verdicts: (VerifierVerdict | Error)[] = [];
  const asked: SignedAuthorization[] = [];
  const scripted: ScriptedVerifier = {
    verdicts,
    asked,
    signer: 'key',
    checkSignature: async ({ signature }) => {
      if (signature === validSignature) return { kind: 'plausible', signer: scripted.signer };
      return { kind: 'refused', expected: 'the valid signature', received: 'another' };
    },
    recoverSigner: async ({ authorization, signature }) => (signature === validSignature ? authorization.from : null),
    verify: async (signed) => {
      asked.push(signed);
      const verdict = verdicts.shift() ?? { kind: 'accepted', signer: 'key' };
      if (verdict instanceof Error) throw verdict;
      return verdict;
    },
  };
  return scripted;
}
