import { type CdpCredentials, parseCdpCredentials } from '@tollbook/facilitator';
import type { GateFacilitator, Sealer } from '@tollbook/usecases';

/** Where the credentials of a facilitator stand: bound into their bytes, so that none opens in another's place. */
function placeOf(facilitatorId: string): string {
  return `facilitators.credentials/${facilitatorId}`;
}

/** What we show a facilitator so that it knows us; null where it asks for nothing. */
export function openFacilitatorCredentials(
  sealer: Sealer,
  { facilitatorId, credentialsSealed }: Pick<GateFacilitator, 'facilitatorId' | 'credentialsSealed'>,
): CdpCredentials | null {
  if (!credentialsSealed) return null;
  const text = new TextDecoder().decode(sealer.open(credentialsSealed, placeOf(facilitatorId)));
  const at = text.indexOf('\n');
  const credentials = parseCdpCredentials(text.slice(0, at), text.slice(at + 1));
  if (!credentials) throw new Error('the stored credentials of a facilitator cannot be read');
  return credentials;
}

/** The same as it is kept; null where nobody could sign with it. */
export function sealFacilitatorCredentials(
  sealer: Sealer,
  merchantId: string,
  facilitatorId: string,
  { keyId, keySecret }: { readonly keyId: string; readonly keySecret: string },
): Uint8Array | null {
  if (!parseCdpCredentials(keyId, keySecret)) return null;
  return sealer.seal(merchantId, Buffer.from(`${keyId}\n${keySecret}`, 'utf8'), placeOf(facilitatorId));
}
