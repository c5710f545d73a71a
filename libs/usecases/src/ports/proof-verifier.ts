/** A text that an address is said to have signed. */
export type SignedText = { readonly address: string; readonly text: string; readonly signature: string };

/** Judges signatures over texts on one network; throws `ChainUnavailable` when a node is needed and away. */
export interface ProofVerifier {
  /** Whether the address signed it: a key by itself, a contract by its own word now (ERC-1271). */
  isSignedBy(signed: SignedText): Promise<boolean>;
}
