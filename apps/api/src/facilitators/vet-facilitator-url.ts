import type { SellingDeps } from '@tollbook/usecases';
import { ProblemError } from '../problem.js';

/** Refuses a URL that signed payments must not be sent to: unread on the way, to a public address, and no redirect. */
export async function vetFacilitatorUrl(
  vetUrl: SellingDeps['vetUrl'],
  url: string,
  allowsPlainHttp: boolean,
): Promise<void> {
  const refusal = await vetUrl(url);
  if (refusal === 'invalid_url') throw refused('must be https://, without user name and password');
  const { protocol, search, hash } = new URL(url);
  if (protocol !== 'https:' && !allowsPlainHttp) throw refused('must be https://, unless "allowsPlainHttp" is set');
  if (search !== '' || hash !== '') throw refused('has no query and no fragment: "/settle" is put behind it');
  if (refusal === 'address_blocked') throw refused('leads to an address that payments may not be sent to');
}

function refused(what: string): ProblemError {
  return new ProblemError('facilitator_url_refused', `The field "url" ${what}.`, { parameter: 'url' });
}
