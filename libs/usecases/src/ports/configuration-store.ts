import type { EndpointCaps, PriceActivity, RateLimits, SettleMode, TermsNetwork } from '@tollbook/domain';
import type { AuditContext, AuditDraft } from './audit.js';
import type { BookRecord } from './records.js';

/** One decision of what an endpoint asks, with when offers are made at it. Times are unix milliseconds. */
export type PriceVersionRecord = PriceActivity & {
  readonly priceVersionId: string;
  readonly endpointId: string;
  readonly versionNo: number;
  readonly author: string;
  readonly reason: string;
  readonly createdAtMs: number;
  /** One a network, in no promised order. */
  readonly amounts: readonly PriceAmount[];
  readonly offerTtlSeconds: number;
};

export type PriceAmount = { readonly network: string; readonly assetId: number; readonly amountAtomic: bigint };

export type EndpointRecord = {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
  readonly upstreamUrl: string | null;
  readonly description: string;
  readonly settleMode: SettleMode;
  readonly timeoutMs: number;
  readonly isEnabled: boolean;
  readonly requiresIdentifier: boolean;
  readonly caps: EndpointCaps;
  readonly createdAtMs: number;
  readonly archivedAtMs: number | null;
  /** Those in force or to come, newest first. */
  readonly prices: readonly PriceVersionRecord[];
};

export type EndpointDraft = Pick<
  EndpointRecord,
  | 'endpointId'
  | 'method'
  | 'path'
  | 'upstreamUrl'
  | 'description'
  | 'settleMode'
  | 'timeoutMs'
  | 'requiresIdentifier'
  | 'caps'
> & { readonly limits: RateLimits };

export type EndpointChange = Pick<
  EndpointRecord,
  'upstreamUrl' | 'description' | 'isEnabled' | 'requiresIdentifier' | 'settleMode' | 'timeoutMs' | 'caps'
>;

/** Where money for new offers goes on one network. The address is lower-case hex. */
export type Receiver = { readonly network: string; readonly walletId: string; readonly address: string };

export type TermsToCompile = {
  readonly endpointId: string;
  readonly priceVersionId: string;
  readonly settleMode: SettleMode;
  readonly offerTtlSeconds: number;
  readonly maxTimeoutSeconds: number;
  readonly networks: readonly TermsNetwork[];
  readonly inForceFromMs: number;
  /** When they end, where that is planned already. */
  readonly untilMs: number | null;
};

/** A receiving address of a book. The address is lower-case hex. */
export type WalletRecord = {
  readonly walletId: string;
  readonly network: string;
  readonly address: string;
  readonly label: string;
  readonly createdAtMs: number;
  /** Null where new offers are not paid to it. */
  readonly receivingSinceMs: number | null;
  readonly assets: readonly {
    readonly assetId: number;
    readonly watchFromBlock: bigint;
    /** What is still to be read of its older blocks; null where nothing is. */
    readonly unreadFromBlock: bigint | null;
    readonly unreadToBlock: bigint | null;
  }[];
};

/** A key of the merchant API, without its secret. */
export type ApiKeyListing = {
  readonly apiKeyId: string;
  readonly name: string;
  readonly lookup: string;
  readonly scopes: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
};

export type ApiKeyDraft = Pick<ApiKeyListing, 'apiKeyId' | 'name' | 'lookup' | 'scopes' | 'expiresAtMs'> & {
  readonly keyHash: Uint8Array;
};

/** What an endpoint took in one token: payments that are confirmed or final. */
export type EndpointTaking = {
  readonly endpointId: string;
  readonly assetId: number;
  readonly count: number;
  readonly amountAtomic: bigint;
};

/** Whose configuration is changed, and in whose name. */
export type ConfigurationCaller = AuditContext & { readonly bookId: number };

export type Changed<T> = {
  readonly result: T;
  /** Empty where nothing was changed; otherwise the gate is told in the same commit. */
  readonly audit: readonly AuditDraft[];
};

/** One dbTx that changes a book's configuration, alone among its kind. */
export interface ConfigurationTx {
  readonly book: BookRecord;
  /** The database's clock, read once the book is held. */
  readonly nowMs: number;
  /** Endpoints that are not archived. */
  endpoints(): Promise<readonly EndpointRecord[]>;
  endpoint(endpointId: string): Promise<EndpointRecord | null>;
  priceVersion(priceVersionId: string): Promise<PriceVersionRecord | null>;
  receivers(): Promise<readonly Receiver[]>;
  insertEndpoint(draft: EndpointDraft): Promise<void>;
  updateEndpoint(endpointId: string, change: EndpointChange): Promise<void>;
  archiveEndpoint(endpointId: string): Promise<void>;
  insertPriceVersion(version: {
    readonly priceVersionId: string;
    readonly endpointId: string;
    readonly author: string;
    readonly reason: string;
    readonly effectiveFromMs: number;
    readonly amounts: readonly PriceAmount[];
  }): Promise<void>;
  /** Ends the terms in force at a moment, now or to come, and takes back those that have not begun. */
  endTerms(endpointId: string, atMs: number): Promise<void>;
  insertTerms(terms: TermsToCompile): Promise<void>;
  wallet(walletId: string): Promise<WalletRecord | null>;
  /** Adds a wallet unless its address is known, in whatever book; resolves to whether it was added. */
  insertWallet(wallet: Pick<WalletRecord, 'walletId' | 'network' | 'address' | 'label'>): Promise<boolean>;
  followAsset(followed: {
    readonly walletId: string;
    readonly assetId: number;
    readonly watchFromBlock: bigint;
    /** The first block that is read with it; what lies before is read afterwards. */
    readonly liveFromBlock: bigint;
  }): Promise<void>;
  /** Makes a wallet the receiving one of its network from now on. */
  assignWallet(wallet: Pick<WalletRecord, 'walletId' | 'network'>, reason: string, actorId: string): Promise<void>;
  /** The first block no scan of the network has read, held until this commits; null before the first scan. */
  holdNextBlock(network: string): Promise<bigint | null>;
  apiKey(apiKeyId: string): Promise<ApiKeyListing | null>;
  insertApiKey(draft: ApiKeyDraft): Promise<void>;
  /** Gives a key another secret, where its first one was never shown to anybody. */
  replaceApiKeySecret(apiKeyId: string, secret: Pick<ApiKeyDraft, 'lookup' | 'keyHash'>): Promise<void>;
  revokeApiKey(apiKeyId: string): Promise<void>;
}

/** The configuration of books, as the merchant API reads and changes it. */
export interface ConfigurationStore {
  change<T>(caller: ConfigurationCaller, work: (tx: ConfigurationTx) => Promise<Changed<T>>): Promise<T>;
  /** A page, newest first. */
  listEndpoints(
    bookId: number,
    filter: { readonly state: 'active' | 'disabled' | 'archived' | null; readonly after: string | null },
    limit: number,
  ): Promise<readonly EndpointRecord[]>;
  endpoint(bookId: number, endpointId: string): Promise<EndpointRecord | null>;
  /** What endpoints took in since an accounting day; nothing of those that took nothing. */
  takings(bookId: number, endpointIds: readonly string[], sinceDay: string): Promise<readonly EndpointTaking[]>;
  /** Receiving wallets now. */
  receivers(bookId: number): Promise<readonly Receiver[]>;
  priceVersion(bookId: number, priceVersionId: string): Promise<PriceVersionRecord | null>;
  /** A page of an endpoint's price versions, newest first; `after` is a version number. */
  listPrices(
    bookId: number,
    endpointId: string,
    after: number | null,
    limit: number,
  ): Promise<readonly PriceVersionRecord[]>;
  /** A page, newest first. */
  listWallets(
    bookId: number,
    filter: { readonly network: string | null; readonly after: string | null },
    limit: number,
  ): Promise<readonly WalletRecord[]>;
  wallet(bookId: number, walletId: string): Promise<WalletRecord | null>;
  /** A page, newest first. */
  listApiKeys(
    bookId: number,
    filter: { readonly state: 'active' | 'expired' | 'revoked' | null; readonly after: string | null },
    limit: number,
  ): Promise<readonly ApiKeyListing[]>;
}
