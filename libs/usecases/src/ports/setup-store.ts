import type { Mode, SettleMode } from '@tollbook/domain';
import type { BookRecord } from './records.js';

export type DataKeyRecord = {
  readonly keyId: number;
  readonly merchantId: string | null;
  readonly wrappedKey: Uint8Array;
};

export type ApiKeyRecord = {
  readonly apiKeyId: string;
  readonly bookId: number;
  readonly name: string;
  readonly keyHash: Uint8Array;
  readonly scopes: readonly string[];
  readonly isUsable: boolean;
};

export type TermsDraft = {
  readonly settleMode: SettleMode;
  readonly offerTtlSeconds: number;
  readonly maxTimeoutSeconds: number;
  readonly pricedQuery: readonly string[];
  readonly pricesBody: boolean;
  readonly networks: readonly {
    readonly network: string;
    readonly assetId: number;
    readonly walletId: string;
    readonly assetText: string;
    readonly payToText: string;
    readonly amountAtomic: bigint;
  }[];
};

/** Configuration, written by the first start and by commands. Every `ensure` may run again and changes nothing then. */
export interface SetupStore {
  dataKeys(): Promise<readonly DataKeyRecord[]>;
  /** Adds the merchant's (or, for null, the instance's) first data key; returns the one that won. */
  ensureDataKey(merchantId: string | null, wrappedKey: Uint8Array): Promise<DataKeyRecord>;
  /** Adds a seal key for `[sealFrom, sealUntil]` unless a usable one reaches to `sealUntilMinMs`. */
  ensureSealKey(key: {
    readonly secretSealed: Uint8Array;
    readonly sealFromMs: number;
    readonly sealUntilMs: number;
    readonly sealUntilMinMs: number;
  }): Promise<void>;
  ensureMerchant(merchant: { readonly slug: string; readonly name: string }): Promise<string>;
  ensureBook(book: {
    readonly merchantId: string;
    readonly mode: Mode;
    readonly gateSlug: string;
    readonly timeZone: string;
  }): Promise<BookRecord>;
  /** The book's receiving wallet on a network, assigned from now on and watched from a block. */
  ensureWallet(wallet: {
    readonly bookId: number;
    readonly network: string;
    readonly address: string;
    readonly label: string;
    readonly assetId: number;
    readonly watchFromBlock: bigint;
  }): Promise<string>;
  ensureEndpoint(endpoint: {
    readonly bookId: number;
    readonly method: string;
    readonly path: string;
    readonly upstreamUrl: string;
    readonly timeoutMs: number;
    readonly settleMode: SettleMode;
  }): Promise<{ readonly endpointId: string; readonly hasPrice: boolean }>;
  /** Points an endpoint at another upstream; the configuration version rises when that changed anything. */
  setUpstream(bookId: number, endpointId: string, upstreamUrl: string): Promise<void>;
  /** A new price version with the terms version made from it; earlier terms are superseded in the same commit. */
  addPriceVersion(price: {
    readonly bookId: number;
    readonly endpointId: string;
    readonly author: string;
    readonly reason: string;
    readonly terms: TermsDraft;
  }): Promise<void>;
  /** The nonce of one that is there already is only ever set on. */
  ensureGasSigner(signer: {
    readonly network: string;
    readonly address: string;
    readonly keySealed: Uint8Array;
    readonly nextNonce: bigint;
  }): Promise<void>;
  gasSigners(): Promise<
    readonly {
      readonly gasSignerId: number;
      readonly network: string;
      readonly address: string;
      readonly keySealed: Uint8Array;
    }[]
  >;
  bookOf(merchantSlug: string, mode: Mode): Promise<BookRecord | null>;
  addApiKey(key: {
    readonly bookId: number;
    readonly name: string;
    readonly lookup: string;
    readonly keyHash: Uint8Array;
    readonly scopes: readonly string[];
  }): Promise<string>;
  findApiKey(lookup: string): Promise<ApiKeyRecord | null>;
}
