import type { TermsVersion } from '@tollbook/domain';
import type { PreparedBook, PreparedEndpoint } from './gate-snapshot.js';
import type { RequestParts } from './request-parts.js';

/** The endpoint that a request asks for, with the terms it is sold under now. */
export type Found = {
  readonly parts: RequestParts;
  readonly resourceUrl: string;
  readonly book: PreparedBook;
  readonly prepared: PreparedEndpoint;
  readonly terms: TermsVersion;
  readonly tag: Uint8Array;
};
