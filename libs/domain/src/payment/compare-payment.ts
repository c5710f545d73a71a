import { formatDecimal } from '../money/decimal.js';
import type { TermsNetwork, TermsVersion } from '../offer/terms-version.js';
import { type PresentedPayment, windowToleranceSeconds } from './check-terms.js';
import { foreignText } from './foreign-text.js';

/** What of a payment is held against its offer, in the order in which people look for a fault. */
export const comparedFields = [
  'scheme',
  'network',
  'resource',
  'asset',
  'recipient',
  'amount',
  'validAfter',
  'validBefore',
  'signer',
  /** Anything else of the terms that came back otherwise. */
  'terms',
] as const;
export type ComparedField = (typeof comparedFields)[number];

/**
 * One line of the two sides, in words for people: amounts as `0.01 USDC (10000)`, times in ISO 8601, addresses as
 * their side wrote them. Null: that side says nothing of it. `differs` is what was found then.
 */
export type ComparedLine = {
  readonly field: ComparedField;
  readonly expected: string | null;
  readonly received: string | null;
  readonly differs: boolean;
};

export type ComparePaymentInput = {
  readonly terms: TermsVersion;
  readonly presented: PresentedPayment;
  /** The request's own path, and whether the payment was made for it; null when it does not say. */
  readonly resource: { readonly path: string; readonly isEqual: boolean | null };
  readonly nowUnixSeconds: number;
  readonly lifeSecondsMin: number;
  /** Whose key made the signature, null where none could have; undefined where nobody can tell. */
  readonly signer: string | null | undefined;
  /** Whether it may be the payer's signature all the same: a contract's payer is not the key that signs for it. */
  readonly isSignerRight: boolean;
  /** What the refusal itself named, which may be none of the lines here. */
  readonly named: { readonly expected: string; readonly received: string } | null;
};

/**
 * What was expected and what came, side by side, for people: every line, where `checkTerms` stops at the first that
 * differs. Of what a client says twice (what it accepted, what it signed) the one that differs is told.
 */
export function comparePayment(input: ComparePaymentInput): readonly ComparedLine[] {
  const lines = linesOf(input);
  const { named } = input;
  if (named === null || lines.some(({ differs }) => differs)) return lines;
  const told = { expected: shownText(named.expected), received: shownText(named.received) };
  return [...lines, { field: 'terms', ...told, differs: true }];
}

function linesOf(input: ComparePaymentInput): readonly ComparedLine[] {
  const { terms, presented, resource } = input;
  const { accepted, authorization } = presented;
  const offered = terms.networks.find((each) => each.network === presented.network);
  const entry = offered ?? terms.networks[0];
  const networks = terms.networks.map((each) => each.network).join(' ');
  return [
    line('scheme', 'exact', [accepted?.scheme, presented.scheme]),
    offered
      ? line('network', offered.network, [accepted?.network, presented.network])
      : { field: 'network', expected: networks, received: shownText(presented.network), differs: true },
    resourceLine(resource, presented.resourceUrl),
    ...(entry ? tokenLines(entry, presented) : []),
    ...windowLines(input),
    {
      field: 'signer',
      expected: authorization.from,
      received: input.signer ?? null,
      differs: !input.isSignerRight,
    },
  ];
}

function tokenLines(entry: TermsNetwork, { accepted, authorization }: PresentedPayment): ComparedLine[] {
  return [
    line('asset', entry.assetText, [accepted?.asset], isSameAddress),
    line('recipient', entry.payToText, [accepted?.payTo, authorization.to], isSameAddress),
    line(
      'amount',
      amountText(entry, entry.amountAtomic.toString()),
      [accepted?.amount, authorization.valueAtomic.toString()].map((each) => each && amountText(entry, each)),
    ),
  ];
}

/** What a client calls an amount may be no number at all, which is shown as it came. */
function amountText({ asset }: TermsNetwork, atomicText: string): string {
  if (!/^(0|[1-9][0-9]{0,77})$/.test(atomicText)) return atomicText;
  return `${formatDecimal(BigInt(atomicText), asset.decimals)} ${asset.symbol} (${atomicText})`;
}

function windowLines({ terms, presented, nowUnixSeconds, lifeSecondsMin }: ComparePaymentInput): ComparedLine[] {
  const { validAfterUnixSeconds: after, validBeforeUnixSeconds: before } = presented.authorization;
  const earliest = nowUnixSeconds + lifeSecondsMin;
  const latest = nowUnixSeconds + terms.maxTimeoutSeconds + windowToleranceSeconds;
  return [
    {
      field: 'validAfter',
      expected: `before ${timeText(nowUnixSeconds)}`,
      received: timeText(after),
      differs: after >= BigInt(nowUnixSeconds),
    },
    {
      field: 'validBefore',
      expected: `${timeText(earliest)} to ${timeText(latest)}`,
      received: timeText(before),
      differs: before < BigInt(earliest) || before > BigInt(latest),
    },
  ];
}

/** A second that is too far off to be a date stays a number. */
function timeText(unixSeconds: number | bigint): string {
  const isDate = BigInt(unixSeconds) <= datedSecondsMax;
  return isDate ? `${new Date(Number(unixSeconds) * 1000).toISOString().slice(0, 19)}Z` : unixSeconds.toString();
}

/** The last second of the year 9999. */
const datedSecondsMax = 253_402_300_799n;

/** Paths are held against each other, hosts are not: so of an address that is the right one, its path is shown. */
function resourceLine({ path, isEqual }: ComparePaymentInput['resource'], url: string | null): ComparedLine {
  const received = isEqual === false ? url : url && path;
  return {
    field: 'resource',
    expected: shownText(path),
    received: received === null ? null : shownText(received),
    differs: isEqual === false,
  };
}

/** An invoice id opens what it bought; whoever reads about a refusal is told that there was one, not which. */
function shownText(text: string): string {
  return foreignText(text.replace(/inv_[a-z0-9]+/gi, 'inv_…'));
}

/** The first of the received values that is not what was expected; where all are, the last, which is what was signed. */
function line(
  field: ComparedField,
  expected: string,
  received: readonly (string | undefined)[],
  isSame: (a: string, b: string) => boolean = (a, b) => a === b,
): ComparedLine {
  const said = received.filter((each) => each !== undefined);
  const other = said.find((each) => !isSame(expected, each));
  const shown = other ?? said[said.length - 1];
  return {
    field,
    expected,
    received: shown === undefined ? null : shownText(shown),
    differs: other !== undefined,
  };
}

function isSameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
