import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OutboundClientOptions } from './create-outbound-client.js';
import { LocalPeers } from './testing/local-peers.js';

const NAME = 'shop.example';
const identity = selfSigned(NAME);
const peers = new LocalPeers();
let connections = 0;
let port: string;

beforeEach(async () => {
  const server = createServer(identity, (request, reply) => {
    const servername = 'servername' in request.socket ? request.socket.servername : undefined;
    reply.end(`${request.headers.host} ${servername}`);
  });
  server.on('connection', () => {
    connections += 1;
  });
  port = new URL(await peers.listen(server, 'https')).port;
});
afterEach(() => peers.close());

async function get(url: string, options: Partial<OutboundClientOptions> = {}): Promise<string> {
  const trusting = { resolveName: async () => ['127.0.0.1'], trustedCertificatesPem: identity.cert };
  const response = await peers.client({ ...trusting, ...options }).get(url);
  return Buffer.from(response.body).toString();
}

it('tells a pinned peer the name it was asked for, in TLS and in HTTP', async () => {
  expect(new X509Certificate(identity.cert).subjectAltName).toBe(`DNS:${NAME}`);
  expect(await get(`https://${NAME}:${port}/`)).toBe(`${NAME}:${port} ${NAME}`);
});

it('refuses a certificate for another name, and sends nothing', async () => {
  await expect(get(`https://other.example:${port}/`)).rejects.toMatchObject({ code: 'connect_failed', isSent: false });
  await expect(get(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'connect_failed', isSent: false });
});

it('refuses a certificate that nobody trusted signed', async () => {
  const call = peers.client({ resolveName: async () => ['127.0.0.1'] }).get(`https://${NAME}:${port}/`);
  await expect(call).rejects.toMatchObject({ code: 'connect_failed', isSent: false });
});

it('refuses a forbidden address before any connection', async () => {
  const before = connections;
  await expect(get(`https://${NAME}:${port}/`, { allowCidrs: [] })).rejects.toMatchObject({ code: 'address_blocked' });
  expect(connections).toBe(before);
});

/** A throw-away certificate for one name, built as DER so that no private key lies in the repository. */
function selfSigned(name: string): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))));
  const validity = der(0x30, der(0x17, Buffer.from('240101000000Z')), der(0x17, Buffer.from('490101000000Z')));
  const alternativeNames = der(0x30, der(0x82, Buffer.from(name)));
  const extension = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, alternativeNames));
  const serial = createHash('sha256').update(name).digest().subarray(0, 8);
  serial[0] = 1;
  const body = der(
    0x30,
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, serial),
    ecdsaWithSha256,
    commonName,
    validity,
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = der(0x30, body, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.byteLength;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
