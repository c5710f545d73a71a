import { randomBytes } from 'node:crypto';
import type { OfferPreview } from '@tollbook/contract';
import { noEndpointCaps, resourceTagBytes, type TermsVersion } from '@tollbook/domain';
import { issueOffer } from '@tollbook/usecases';
import { challengeHeaderCharsMax } from '@tollbook/x402';
import type { ApiParts } from '../composition.js';
import type { PreparedBook } from '../gate/gate-snapshot.js';

/** What would be offered, and where. */
export type OfferDraft = {
  readonly book: PreparedBook['book'];
  readonly terms: TermsVersion;
  readonly method: string;
  readonly path: string;
  readonly description: string;
};

/**
 * The 402 of a draft, written by what writes the gate's own. Sealed under a key that nobody keeps, so the invoice id in
 * it opens nothing.
 */
export function previewOffer(
  parts: Pick<ApiParts, 'snapshot' | 'purchase' | 'writer' | 'config'>,
  draft: OfferDraft,
): OfferPreview {
  const { snapshot, purchase, writer, config } = parts;
  const { book, terms, method, path } = draft;
  const endpoint = { ...endpointOf(draft), terms: [terms] };
  const url = `${config.publicUrl}/g/${book.gateSlug}${path}`;
  const nowUnixSeconds = Math.floor(snapshot.nowMs() / 1000);
  const forgotten = { keyId: 0, secret: randomBytes(32), isRevoked: false };
  const key = { ...forgotten, sealFromUnixSeconds: nowUnixSeconds, sealUntilUnixSeconds: nowUnixSeconds };
  const offer = issueOffer(terms, new Uint8Array(resourceTagBytes), nowUnixSeconds, key, purchase.crypto);
  const prepared = snapshot.prepareEndpoint(book, endpoint);
  const answer = writer.compose('payment_required', { offer: { prepared, offer, resourceUrl: url } });
  const headers = [];
  for (let at = 0; at + 1 < answer.headers.length; at += 2) {
    headers.push({ name: answer.headers[at] ?? '', value: answer.headers[at + 1] ?? '' });
  }
  const rawHeader = headers.find(({ name }) => name === 'payment-required')?.value ?? '';
  return {
    status: 402,
    url,
    headers,
    rawHeader,
    headerChars: rawHeader.length,
    headerCharsMax: challengeHeaderCharsMax,
    paymentRequired: JSON.parse(Buffer.from(rawHeader, 'base64').toString('utf8')),
    body: JSON.parse(answer.text),
    curl: `curl -i ${method === 'GET' ? '' : `-X ${method} `}'${url}'`,
  };
}

function endpointOf({ terms, method, path, description }: OfferDraft) {
  return {
    endpointId: terms.endpointId,
    method,
    path,
    upstreamUrl: '',
    timeoutMs: 1,
    isEnabled: true,
    requiresIdentifier: false,
    caps: noEndpointCaps,
    limits: { paid: null, unpaid: null },
    description: description === '' ? `${method} ${path}` : description,
  };
}
