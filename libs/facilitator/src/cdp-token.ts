import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A key of Coinbase's developer platform. */
export type CdpCredentials = { readonly keyId: string; readonly key: KeyObject };

/** How long a token is good for, as their own client asks. */
const tokenSeconds = 120;

/**
 * Reads a key's id and secret: 64 bytes in base64 for Ed25519 (seed and public key), or an EC key on P-256 as PEM. Null
 * for anything else; what was given is never repeated.
 */
export function parseCdpCredentials(keyId: string, keySecret: string): CdpCredentials | null {
  if (keyId === '' || !/^[\x21-\x7e]{1,200}$/.test(keyId)) return null;
  try {
    const key = keySecret.includes('-----BEGIN') ? ecKey(keySecret) : ed25519Key(keySecret);
    return key && { keyId, key };
  } catch {
    return null;
  }
}

function ecKey(pem: string): KeyObject | null {
  const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
}

/** What stands before the seed in PKCS#8 (RFC 8410). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519Key(base64: string): KeyObject | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 64 || bytes.toString('base64') !== base64) return null;
  const der = Buffer.concat([ed25519Prefix, bytes.subarray(0, 32)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  // A secret that was cut or mixed up would sign what nobody can check: it is found now, and not by the first payment.
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').equals(bytes.subarray(32)) ? key : null;
}

/** The headers of one call: a token that is good for this method, host and path alone, and who asks. */
export function cdpHeaders(
  { keyId, key }: CdpCredentials,
  call: { readonly method: string; readonly url: string; readonly nowUnixSeconds: number },
): readonly (readonly [string, string])[] {
  const { host, pathname } = new URL(call.url);
  const isEdwards = key.asymmetricKeyType === 'ed25519';
  const nonce = randomBytes(16).toString('hex');
  const header = { alg: isEdwards ? 'EdDSA' : 'ES256', kid: keyId, typ: 'JWT', nonce };
  const { nowUnixSeconds: now } = call;
  const times = { iat: now, nbf: now, exp: now + tokenSeconds };
  const claims = { sub: keyId, iss: 'cdp', uris: [`${call.method} ${host}${pathname}`], ...times };
  const text = `${base64Url(JSON.stringify(header))}.${base64Url(JSON.stringify(claims))}`;
  const bytes = Buffer.from(text, 'utf8');
  const signature = isEdwards ? sign(null, bytes, key) : sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  return [
    ['authorization', `Bearer ${text}.${signature.toString('base64url')}`],
    ['correlation-context', 'sdk_version=0.1.0,sdk_language=typescript,source=tollbook,source_version=0.1.0'],
  ];
}

function base64Url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
