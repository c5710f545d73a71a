import type {
  AllowedPayers,
  EndpointCaps,
  FacilitatorAuth,
  RateLimits,
  RateOverride,
  SealKey,
  TermsVersion,
} from '@tollbook/domain';
import type { BookRecord } from './records.js';

export type GateEndpoint = {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
  readonly upstreamUrl: string;
  readonly timeoutMs: number;
  readonly isEnabled: boolean;
  /** Whether every payment must bring an identifier of its buyer's. */
  readonly requiresIdentifier: boolean;
  readonly caps: EndpointCaps;
  readonly limits: RateLimits;
  readonly description: string;
  /** In force now or scheduled, and superseded ones a payment may still name; newest first. */
  readonly terms: readonly TermsVersion[];
};

/** One who settles for a book, as it was set up. */
export type GateFacilitator = {
  readonly facilitatorId: string;
  /** Null for the built-in one. */
  readonly url: string | null;
  readonly auth: FacilitatorAuth;
  readonly credentialsSealed: Uint8Array | null;
  readonly verifiesFirst: boolean;
  readonly trustsRefusals: boolean;
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
};

/** Everything the gate answers from, per book, immutable and swapped whole. */
export type GateBook = BookRecord & {
  readonly endpoints: readonly GateEndpoint[];
  /** In the order in which they are asked; those that were removed too, since attempts may still name them. */
  readonly facilitators: readonly GateFacilitator[];
  /** Exceptions from rate limits, by their subject. */
  readonly overrides: ReadonlyMap<string, readonly RateOverride[]>;
  readonly allowedPayers: AllowedPayers;
};

export type SealedSealKey = Omit<SealKey, 'secret'> & { readonly secretSealed: Uint8Array };

export interface GateConfigStore {
  /** Every book with its configuration version, and the database's clock. One statement. */
  versions(): Promise<{ readonly books: readonly BookRecord[]; readonly nowMs: number }>;
  loadBook(book: BookRecord): Promise<GateBook>;
  sealKeys(): Promise<readonly SealedSealKey[]>;
  /** Terms that have left the snapshot, by number; asked for only after a good MAC. */
  terms(number: bigint): Promise<TermsVersion | null>;
  /** Says that this process is alive, so that its claims are not taken over. */
  beat(bootId: string): Promise<void>;
}
