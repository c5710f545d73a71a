import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cdpHeaders, parseCdpCredentials } from './cdp-token.js';

const keyId = 'organizations/1/apiKeys/2';
const call = {
  method: 'POST',
  url: 'https://api.example.com:8443/platform/v2/x402/settle?x=1',
  nowUnixSeconds: 1_795_000_000,
};

/** A secret as the platform gives them for Ed25519: seed and public key. */
function edwardsSecret() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return { secret: bytes.toString('base64'), publicKey };
}

function ecSecret(type: 'sec1' | 'pkcs8') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { secret: privateKey.export({ format: 'pem', type }).toString(), publicKey };
}

function tokenOf(secret: string) {
  const credentials = parseCdpCredentials(keyId, secret);
  if (!credentials) throw new Error('the secret is one');
  const headers = new Map(cdpHeaders(credentials, call));
  const [head = '', claims = '', signature = ''] = (headers.get('authorization') ?? '')
    .replace('Bearer ', '')
    .split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return {
    head: read(head),
    claims: read(claims),
    signed: Buffer.from(`${head}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function isGood(token: ReturnType<typeof tokenOf>, publicKey: KeyObject, isEdwards: boolean): boolean {
  return isEdwards
    ? verify(null, token.signed, publicKey, token.signature)
    : verify('sha256', token.signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, token.signature);
}

describe('a token', () => {
  it.each([
    ['EdDSA', edwardsSecret()],
    ['ES256', ecSecret('sec1')],
    ['ES256', ecSecret('pkcs8')],
  ])('is signed with %s, for one method, host and path, for two minutes', (alg, { secret, publicKey }) => {
    const token = tokenOf(secret);
    expect(isGood(token, publicKey, alg === 'EdDSA')).toBe(true);
    expect(token.head).toEqual({ alg, kid: keyId, typ: 'JWT', nonce: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(token.claims).toEqual({
      sub: keyId,
      iss: 'cdp',
      uris: ['POST api.example.com:8443/platform/v2/x402/settle'],
      iat: call.nowUnixSeconds,
      nbf: call.nowUnixSeconds,
      exp: call.nowUnixSeconds + 120,
    });
  });

  it('is another one each time', () => {
    const { secret } = edwardsSecret();
    expect(tokenOf(secret).head).not.toEqual(tokenOf(secret).head);
  });

  it('may have its PEM in one line, as environment files keep it', () => {
    expect(parseCdpCredentials(keyId, ecSecret('sec1').secret.replaceAll('\n', '\\n'))).not.toBeNull();
  });
});

describe('a secret', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'sec1' });

  it.each([
    ['is empty', keyId, ''],
    ['is too short', keyId, Buffer.alloc(32).toString('base64')],
    ['has another public key than its seed’s', keyId, Buffer.alloc(64).toString('base64')],
    ['has a PEM of nothing', keyId, '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----'],
    ['lies on another curve', keyId, p384.toString()],
    ['has no id', '', edwardsSecret().secret],
    ['has an id over two lines', 'a\nb', edwardsSecret().secret],
  ])('is refused when it %s', (_name, id, secret) => {
    expect(parseCdpCredentials(id, secret)).toBeNull();
  });
});
