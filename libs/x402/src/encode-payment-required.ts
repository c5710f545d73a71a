import { assert, evmExtra, type TermsNetwork, type TermsVersion } from '@tollbook/domain';
import {
  type ChallengeHole,
  type ChallengePiece,
  compileTemplate,
  listPieces,
  objectPieces,
} from './challenge-template.js';
import { type DiscoveryInput, extensionChoices } from './extensions.js';
import { issuedV1Network } from './network-name.js';

/** The longest `PAYMENT-REQUIRED` value in characters: common proxies stop at 4 KiB for one header. */
export const challengeHeaderCharsMax = 3584;

export type ChallengeInput = {
  readonly terms: TermsVersion;
  /** Absolute, percent-encoded; what a challenge names unless `write` is told the URL of its request. */
  readonly resourceUrl: string;
  readonly description: string;
  readonly mimeType: string;
  /** Shown by wallets; left out where the protocol does not take it (1 to 32 printable ASCII characters). */
  readonly merchantName?: string | undefined;
  /** Whether every payment must bring an identifier of its buyer's, which only version 2 can. */
  readonly requiresIdentifier?: boolean | undefined;
  /** Left out of offers that nobody should list. */
  readonly discovery?: DiscoveryInput | undefined;
  /** The longest URL that `write` may be told, where it is not always `resourceUrl`. */
  readonly longestUrl?: string | undefined;
};

export type ChallengeOffer = {
  readonly invoiceId: string;
  readonly paymentId: string;
  /** ISO 8601 in whole seconds, ending in Z. */
  readonly expiresAt: string;
  /** The URL of this request with its path and priced query, where an endpoint answers on more than one. */
  readonly resourceUrl?: string | undefined;
};

export type WrittenChallenge = {
  /** Value of `PAYMENT-REQUIRED`: base64 of the version 2 challenge. */
  readonly header: string;
  /** JSON text of version 1's `accepts`, for the body. */
  readonly bodyAccepts: string;
};

export type Challenge = { write(offer: ChallengeOffer, error: string): WrittenChallenge };

/**
 * Prepares the 402 of an endpoint under one terms version, so that each answer only fills in its invoice id. `extra`
 * is the domain's own `evmExtra`, hence what is sent is what `checkTerms` asks back. Throws on a network of a family
 * that has no `extra` here.
 */
export function prepareChallenge(input: ChallengeInput): Challenge {
  const pieces = fittingPieces(input);
  const fillHeader = compileTemplate(pieces);
  const fillAccepts = compileTemplate(v1AcceptsPieces(input));
  const preparedUrl = JSON.stringify(input.resourceUrl);
  return {
    write(offer, error) {
      const isPrepared = offer.resourceUrl === undefined || offer.resourceUrl === input.resourceUrl;
      const values = {
        error: JSON.stringify(error),
        resourceUrl: isPrepared ? preparedUrl : JSON.stringify(offer.resourceUrl),
        // Ids and times hold nothing that JSON would escape.
        invoiceId: `"${offer.invoiceId}"`,
        paymentId: `"${offer.paymentId}"`,
        expiresAt: `"${offer.expiresAt}"`,
      };
      const bodyAccepts = fillAccepts(values);
      // Raw UTF-8 rather than \u escapes: older clients that read base64 as Latin-1 then echo the very same bytes.
      return { header: Buffer.from(fillHeader(values), 'utf8').toString('base64'), bodyAccepts };
    },
  };
}

/**
 * Whether the challenge of an endpoint fits `challengeHeaderCharsMax` with the longest invoice id and error code there
 * can be. Asked when an endpoint is configured, with its longest URL, since no request can be paid otherwise.
 */
export function challengeFits(input: ChallengeInput): boolean {
  return longestHeaderChars(input, fittingPieces(input)) <= challengeHeaderCharsMax;
}

/** The challenge with as many extensions as its header has room for. */
function fittingPieces(input: ChallengeInput): ChallengePiece[] {
  const choices = extensionChoices(input.requiresIdentifier === true, input.discovery);
  let pieces: ChallengePiece[] = [];
  for (const extensions of choices) {
    pieces = headerPieces(input, extensions);
    if (longestHeaderChars(input, pieces) <= challengeHeaderCharsMax) return pieces;
  }
  return pieces;
}

const errorCodeCharsMax = 40;

/** How long the header gets with the longest invoice id, error code and URL there can be. */
function longestHeaderChars({ resourceUrl, longestUrl }: ChallengeInput, pieces: readonly ChallengePiece[]): number {
  const json = compileTemplate(pieces)({
    error: JSON.stringify('e'.repeat(errorCodeCharsMax)),
    resourceUrl: JSON.stringify(longestUrl ?? resourceUrl),
    invoiceId: JSON.stringify(`inv_${'a'.repeat(112)}`),
    paymentId: JSON.stringify(`pi_${'a'.repeat(26)}`),
    expiresAt: JSON.stringify('2026-11-20T00:00:00Z'),
  });
  return Math.ceil(Buffer.byteLength(json) / 3) * 4;
}

function headerPieces(input: ChallengeInput, extensions: Readonly<Record<string, object>>): ChallengePiece[] {
  const { terms, description, mimeType, merchantName } = input;
  return objectPieces({
    x402Version: ['2'],
    error: [hole('error')],
    resource: objectPieces({
      url: [hole('resourceUrl')],
      description: json(description),
      mimeType: json(mimeType),
      ...(merchantName !== undefined && /^[\x20-\x7e]{1,32}$/.test(merchantName)
        ? { serviceName: json(merchantName) }
        : {}),
    }),
    accepts: listPieces(
      evmFirst(terms.networks).map((entry) =>
        objectPieces({
          scheme: json('exact'),
          network: json(entry.network),
          amount: json(entry.amountAtomic.toString()),
          asset: json(entry.assetText),
          payTo: json(entry.payToText),
          maxTimeoutSeconds: json(terms.maxTimeoutSeconds),
          extra: extraPieces(entry),
        }),
      ),
    ),
    ...(Object.keys(extensions).length > 0 ? { extensions: json(extensions) } : {}),
  });
}

/** Version 1 clients refuse the whole list for one network they do not know, so only those they know stand in it. */
function v1AcceptsPieces({ terms, description, mimeType, requiresIdentifier }: ChallengeInput): ChallengePiece[] {
  if (requiresIdentifier) return listPieces([]);
  const entries = evmFirst(terms.networks).flatMap((entry) => {
    const network = issuedV1Network(entry.network);
    if (network === null) return [];
    return [
      objectPieces({
        scheme: json('exact'),
        network: json(network),
        maxAmountRequired: json(entry.amountAtomic.toString()),
        resource: [hole('resourceUrl')],
        description: json(description),
        mimeType: json(mimeType),
        payTo: json(entry.payToText),
        maxTimeoutSeconds: json(terms.maxTimeoutSeconds),
        asset: json(entry.assetText),
        extra: extraPieces(entry),
      }),
    ];
  });
  return listPieces(entries);
}

/** thirdweb's parser fails on a network name that is not EVM's if it meets one before it has found its own. */
function evmFirst(networks: readonly TermsNetwork[]): readonly TermsNetwork[] {
  return [...networks].sort((a, b) => Number(isEvm(b)) - Number(isEvm(a)));
}

function isEvm(entry: TermsNetwork): boolean {
  return entry.network.startsWith('eip155:');
}

/** Markers no token can be named after: `evmExtra` lays out the keys, these say which values come with each offer. */
const marks = { invoiceId: '\0invoiceId', paymentId: '\0paymentId', expiresAt: '\0expiresAt' } as const;
const holeOfMark = new Map<string, ChallengeHole>([
  [marks.invoiceId, 'invoiceId'],
  [marks.paymentId, 'paymentId'],
  [marks.expiresAt, 'expiresAt'],
]);

function extraPieces(entry: TermsNetwork): ChallengePiece[] {
  assert(isEvm(entry), 'only EVM networks are offered so far');
  const extra = evmExtra({ ...marks, eip712: entry.asset.eip712 });
  return objectPieces(
    Object.fromEntries(
      Object.entries(extra).map(([key, value]) => {
        const marked = holeOfMark.get(value);
        return [key, marked === undefined ? json(value) : [hole(marked)]];
      }),
    ),
  );
}

function hole(name: ChallengeHole): ChallengePiece {
  return { hole: name };
}

function json(value: string | number | object): ChallengePiece[] {
  return [JSON.stringify(value)];
}
