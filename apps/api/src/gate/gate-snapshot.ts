import {
  assert,
  formatDecimal,
  isCanonicalPath,
  matchEndpoint,
  readPricedQuery,
  resourceTag,
  type SealKey,
  type TermsVersion,
} from '@tollbook/domain';
import type { Clock, Crypto, GateBook, GateConfigStore, GateEndpoint, Sealer } from '@tollbook/usecases';
import { sealedPlaces } from '@tollbook/vault';
import { type Challenge, prepareChallenge } from '@tollbook/x402';
import { isUnpaidLimited } from './limit-unpaid.js';
import { longestUrl } from './longest-url.js';
import { queryPairs } from './request-parts.js';

/** An endpoint as the hot path uses it: everything that does not change with the request is made once. */
export type PreparedEndpoint = {
  readonly endpoint: GateEndpoint;
  readonly challengeOf: (terms: TermsVersion) => PreparedChallenge;
  readonly isUnpaidLimited: boolean;
};

/** A challenge with the plain headers that stand beside it, as far as no offer changes them. */
export type PreparedChallenge = Challenge & {
  /** The endpoint's own URL, or its pattern. */
  readonly resourceUrl: string;
  readonly plainHeaders: readonly string[];
};

export type PreparedBook = {
  readonly book: GateBook;
  readonly find: (method: string, path: string) => EndpointLookup;
};

export type EndpointLookup =
  | { readonly kind: 'found'; readonly prepared: PreparedEndpoint }
  | { readonly kind: 'refused'; readonly code: 'path_not_canonical' | 'endpoint_unknown' }
  | { readonly kind: 'refused'; readonly code: 'method_not_allowed'; readonly allowed: readonly string[] };

type State = {
  readonly books: ReadonlyMap<string, PreparedBook>;
  readonly byId: ReadonlyMap<number, GateBook>;
  readonly versions: ReadonlyMap<number, bigint>;
  readonly sealKeys: ReadonlyMap<number, SealKey>;
};

const pollMs = 500;
const beatMs = 2_000;
const sealKeysMs = 60_000;
/** Without an answer for this long the gate no longer knows what it may promise, and closes. */
const staleMs = 2_000;

/**
 * What the gate answers from: an immutable picture of the configuration, swapped whole within a second of a change. It
 * follows versions by polling and by notices, and fails closed when the database does not answer.
 */
export class GateSnapshot implements Clock {
  private pictures = 0;
  private state: State = { books: new Map(), byId: new Map(), versions: new Map(), sealKeys: new Map() };
  private offsetMs = 0;
  private lastGoodAt = Number.NEGATIVE_INFINITY;
  private isRefused = false;
  private lastBeatAt = Number.NEGATIVE_INFINITY;
  private lastSealKeysAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;

  constructor(
    private readonly deps: {
      readonly store: GateConfigStore;
      readonly sealer: Sealer;
      readonly crypto: Crypto;
      readonly bootId: string;
      readonly publicUrl: string;
      /** Learns keys that were made since: a merchant that is new has one of its own, and nothing is taken without. */
      readonly learnDataKeys: () => Promise<void>;
      readonly report: (error: unknown) => void;
    },
  ) {}

  /** Begins to follow the configuration. The first poll may fail: the gate is then not ready, and keeps asking. */
  async start(): Promise<void> {
    await this.poll();
    this.timer = setInterval(() => void this.poll(), pollMs);
  }

  /** Resolves when nothing is asked any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.polling;
  }

  /** Whether answers may be given: 'ready', or why not. */
  readiness(): 'ready' | 'store_unavailable' | 'gate_not_ready' {
    if (this.isRefused) return 'store_unavailable';
    if (performance.now() - this.lastGoodAt > staleMs) return 'store_unavailable';
    return this.state.sealKeys.size === 0 ? 'gate_not_ready' : 'ready';
  }

  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  /** Another number for another configuration. */
  get changes(): number {
    return this.pictures;
  }

  bookOf(slug: string): PreparedBook | undefined {
    return this.state.books.get(slug);
  }

  /** A book by its id. */
  gateBook(bookId: number): GateBook | undefined {
    return this.state.byId.get(bookId);
  }

  books(): readonly PreparedBook[] {
    return [...this.state.books.values()];
  }

  sealKeyOf(keyId: number): SealKey | undefined {
    return this.state.sealKeys.get(keyId);
  }

  /** The newest key that may seal now. */
  currentSealKey(): SealKey {
    const now = this.nowMs() / 1000;
    let newest: SealKey | undefined;
    for (const key of this.state.sealKeys.values()) {
      const isUsable = !key.isRevoked && key.sealFromUnixSeconds <= now && now < key.sealUntilUnixSeconds;
      if (isUsable && (!newest || key.sealFromUnixSeconds > newest.sealFromUnixSeconds)) newest = key;
    }
    assert(newest !== undefined, 'a ready gate has a key that seals');
    return newest;
  }

  /** Asks for changes now: called by the timer and by notices; calls that overlap share one answer. */
  poll(): Promise<void> {
    this.polling ??= this.follow().finally(() => {
      this.polling = undefined;
    });
    return this.polling;
  }

  private async follow(): Promise<void> {
    try {
      const before = Date.now();
      const { books, nowMs } = await this.deps.store.versions();
      this.offsetMs = nowMs - (before + Date.now()) / 2;
      const changed = books.filter((book) => this.state.versions.get(book.bookId) !== book.configVersion);
      const loaded = await Promise.all(changed.map((book) => this.deps.store.loadBook(book)));
      if (loaded.some(({ bookId }) => !this.state.byId.has(bookId))) await this.deps.learnDataKeys();
      const sealKeys = await this.readSealKeys();
      if (loaded.length > 0 || books.length !== this.state.books.size || sealKeys !== this.state.sealKeys) {
        const kept = this.books().filter(({ book }) => books.some((each) => each.bookId === book.bookId));
        const all = new Map(kept.map((prepared) => [prepared.book.gateSlug, prepared]));
        for (const book of loaded) all.set(book.gateSlug, this.prepareBook(book));
        const versions = new Map(books.map((book) => [book.bookId, book.configVersion]));
        const byId = new Map([...all.values()].map(({ book }) => [book.bookId, book]));
        this.state = { books: all, byId, versions, sealKeys };
        this.pictures += 1;
      }
      await this.beat();
      this.lastGoodAt = performance.now();
      this.isRefused = false;
    } catch (error) {
      if (!this.isRefused) this.deps.report(error);
      this.isRefused = true;
    }
  }

  private async readSealKeys(): Promise<ReadonlyMap<number, SealKey>> {
    const isFresh = performance.now() - this.lastSealKeysAt < sealKeysMs;
    if (isFresh && this.state.sealKeys.size > 0) return this.state.sealKeys;
    const rows = await this.deps.store.sealKeys();
    this.lastSealKeysAt = performance.now();
    return new Map(
      rows.map(({ secretSealed, ...key }) => {
        const secret = this.deps.sealer.open(secretSealed, sealedPlaces.sealKeySecret);
        return [key.keyId, { ...key, secret }];
      }),
    );
  }

  private async beat(): Promise<void> {
    if (performance.now() - this.lastBeatAt < beatMs) return;
    await this.deps.store.beat(this.deps.bootId);
    this.lastBeatAt = performance.now();
  }

  private prepareBook(book: GateBook): PreparedBook {
    const enabled = book.endpoints
      .filter((endpoint) => endpoint.isEnabled)
      .map((each) => this.prepareEndpoint(book, each));
    const patterns = enabled.map((prepared) => ({ ...prepared.endpoint, prepared }));
    const remembered = new Map<string, EndpointLookup>();
    const find = (method: string, path: string): EndpointLookup => {
      const key = `${method} ${path}`;
      const known = remembered.get(key);
      if (known) return known;
      if (!isCanonicalPath(path)) return { kind: 'refused', code: 'path_not_canonical' };
      const match = matchEndpoint(patterns, method, path);
      if (match.kind === 'refused') {
        if (match.reason === 'endpoint_unknown') return { kind: 'refused', code: match.reason };
        return { kind: 'refused', code: match.reason, allowed: match.allowed };
      }
      const found: EndpointLookup = { kind: 'found', prepared: match.endpoint.prepared };
      // Only literal paths are remembered: their number is the merchant's, not the crawler's.
      if (match.endpoint.path === path) remembered.set(key, found);
      return found;
    };
    return { book, find };
  }

  /**
   * Makes an endpoint ready to be offered. A preview goes through here too, so it shows what buyers would get. What only
   * one buyer shall find is not listed.
   */
  prepareEndpoint(book: GateBook, endpoint: GateEndpoint, isListed = true): PreparedEndpoint {
    /** By the terms themselves: those that are narrowed to open networks keep their number. */
    const challenges = new Map<TermsVersion, PreparedChallenge>();
    const resourceUrl = `${this.deps.publicUrl}/g/${book.gateSlug}${endpoint.path}`;
    const challengeOf = (terms: TermsVersion): PreparedChallenge => {
      const known = challenges.get(terms);
      if (known) return known;
      const { method, path, description, requiresIdentifier } = endpoint;
      const queryParams = terms.pricedQuery;
      const discovery = isListed ? { method, path, queryParams } : undefined;
      const longest = longestUrl(this.deps.publicUrl, book.gateSlug, path);
      const wire = { resourceUrl, longestUrl: longest, description, mimeType: 'application/json' };
      const challenge = prepareChallenge({ terms, ...wire, requiresIdentifier, discovery });
      const made = { ...challenge, resourceUrl, plainHeaders: plainHeaders(terms) };
      challenges.set(terms, made);
      return made;
    };
    return { endpoint, challengeOf, isUnpaidLimited: isUnpaidLimited(book, endpoint) };
  }
}

/** The offer for people and for scripts that speak no x402: its first network, names and values in turn. */
function plainHeaders(terms: TermsVersion): readonly string[] {
  const [entry] = terms.networks;
  assert(entry !== undefined, 'terms accept at least one network');
  const amount = formatDecimal(entry.amountAtomic, entry.asset.decimals);
  return [
    ...['x402-payment-address', entry.payToText],
    ...['x402-amount', amount],
    ...['x402-currency', entry.asset.symbol],
    ...['x402-network', entry.network],
    ...['x402-asset', entry.assetText],
  ];
}

/** The terms an offer is made under now: the newest in force, whose end may be planned; undefined without a price. */
export function currentTerms(endpoint: GateEndpoint, nowUnixSeconds: number): TermsVersion | undefined {
  return endpoint.terms.find(
    (terms) =>
      terms.inForceFromUnixSeconds <= nowUnixSeconds &&
      (terms.supersededAtUnixSeconds ?? Number.POSITIVE_INFINITY) > nowUnixSeconds &&
      terms.revokedAtUnixSeconds === null,
  );
}

const knownTags = new WeakMap<TermsVersion, Map<string, Uint8Array>>();

/** The resource tag of a request, or the parameter that came twice. */
export function tagOf(
  crypto: Crypto,
  endpoint: GateEndpoint,
  terms: TermsVersion,
  request: { readonly method: string; readonly path: string; readonly rawQuery: string },
): { readonly kind: 'ok'; readonly tag: Uint8Array } | { readonly kind: 'ambiguous'; readonly parameter: string } {
  // Without a priced query the tag of a literal path is always the same; patterns are not remembered.
  const isConstant = terms.pricedQuery.length === 0 && endpoint.path === request.path;
  const known = isConstant ? knownTags.get(terms)?.get(request.method) : undefined;
  if (known) return { kind: 'ok', tag: known };
  const priced = readPricedQuery(terms.pricedQuery.length > 0 ? queryPairs(request.rawQuery) : [], terms.pricedQuery);
  if (priced.kind === 'refused') return { kind: 'ambiguous', parameter: priced.parameter };
  const { method, path } = request;
  const { endpointId } = endpoint;
  const named = { endpointId, method, path, pricedQuery: priced.pairs, bodySha256: null };
  const tag = resourceTag(named, crypto.sha256);
  if (isConstant) knownTags.set(terms, (knownTags.get(terms) ?? new Map<string, Uint8Array>()).set(method, tag));
  return { kind: 'ok', tag };
}
