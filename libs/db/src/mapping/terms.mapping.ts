import {
  AssertionFailed,
  type Asset,
  amount,
  modes,
  settleModes,
  type TermsNetwork,
  type TermsVersion,
} from '@tollbook/domain';
import { fromDbWord } from './column.mapping.js';

/** A row of terms_versions with its book's mode. */
export type TermsRow = {
  readonly book_id: number;
  readonly mode: string;
  readonly number: bigint;
  readonly endpoint_id: string;
  readonly price_version_id: string;
  readonly settle_mode: string;
  readonly offer_ttl_s: number;
  readonly max_timeout_s: number;
  readonly priced_query: readonly string[];
  readonly prices_body: boolean;
  readonly networks: unknown;
  readonly in_force_from: Date;
  readonly superseded_at: Date | null;
  readonly revoked_at: Date | null;
};

/** A terms version, complete by itself; throws, naming the place, on jsonb that is anything but what was written. */
export function fromDbTerms(row: TermsRow): TermsVersion {
  return {
    number: row.number,
    bookId: row.book_id,
    mode: fromDbWord(modes, row.mode),
    endpointId: row.endpoint_id,
    priceVersionId: row.price_version_id,
    settleMode: fromDbWord(settleModes, row.settle_mode),
    offerTtlSeconds: row.offer_ttl_s,
    maxTimeoutSeconds: row.max_timeout_s,
    pricedQuery: [...row.priced_query],
    pricesBody: row.prices_body,
    networks: fromDbTermsNetworks(row.networks, `terms version ${row.number}`),
    inForceFromUnixSeconds: unixSeconds(row.in_force_from),
    supersededAtUnixSeconds: row.superseded_at === null ? null : unixSeconds(row.superseded_at),
    revokedAtUnixSeconds: row.revoked_at === null ? null : unixSeconds(row.revoked_at),
  };
}

/** What `terms_versions.networks` holds: by CAIP-2 name, amounts as decimal text, `place` the merchant's order. */
export function toDbTermsNetworks(networks: readonly TermsNetwork[]): string {
  const entries = networks.map(({ network, asset, walletId, assetText, payToText, amountAtomic }, place) => {
    const { assetId, contract, symbol, decimals, eip712 } = asset;
    const { name, version } = eip712;
    const shown = { assetText, payToText, amountAtomic: amountAtomic.toString() };
    return [network, { place, assetId, contract, symbol, decimals, eip712: { name, version }, walletId, ...shown }];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function fromDbTermsNetworks(value: unknown, where: string): TermsNetwork[] {
  return Object.entries(objectOf(value, where))
    .map(([network, entry]) => {
      const fields = new Fields(objectOf(entry, `${where}, ${network}`), `${where}, ${network}`);
      return { place: fields.integer('place'), terms: termsNetworkOf(network, fields) };
    })
    .sort((a, b) => a.place - b.place)
    .map(({ terms }) => terms);
}

function termsNetworkOf(network: string, fields: Fields): TermsNetwork {
  const eip712 = fields.object('eip712');
  const asset: Asset = {
    assetId: fields.integer('assetId'),
    network,
    contract: fields.text('contract'),
    symbol: fields.text('symbol'),
    decimals: fields.integer('decimals'),
    eip712: { name: eip712.text('name'), version: eip712.text('version') },
  };
  return {
    network,
    asset,
    walletId: fields.text('walletId'),
    assetText: fields.text('assetText'),
    payToText: fields.text('payToText'),
    amountAtomic: amount(fields.decimal('amountAtomic'), asset).atomic,
  };
}

/** Fields of one object of the jsonb, each of the type that is asked for or a failure that names it. */
class Fields {
  constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly where: string,
  ) {}

  text(name: string): string {
    const field = this.value[name];
    return typeof field === 'string' ? field : this.refuse(name, 'text');
  }

  integer(name: string): number {
    const field = this.value[name];
    return Number.isSafeInteger(field) && typeof field === 'number' ? field : this.refuse(name, 'an integer');
  }

  decimal(name: string): bigint {
    const text = this.text(name);
    return /^(0|[1-9][0-9]{0,77})$/.test(text) ? BigInt(text) : this.refuse(name, 'a decimal number as text');
  }

  object(name: string): Fields {
    return new Fields(objectOf(this.value[name], `${this.where}.${name}`), `${this.where}.${name}`);
  }

  private refuse(name: string, wanted: string): never {
    throw new AssertionFailed(`${this.where}.${name} is not ${wanted}`);
  }
}

function objectOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new AssertionFailed(`${where} is not an object`);
}

function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
