import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';

/** Says which address a request comes from; empty when its connection is gone. */
export type ClientAddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * The one place that says where a request comes from. It is the other end of the connection; only where that lies in
 * one of `trustedProxies` (CIDRs) it is the right-most address of `X-Forwarded-For` that does not. What stands further
 * left anybody may have written, and so may whoever wrote something there that is no address: both end the walk.
 */
export function createClientAddressOf(trustedProxies: readonly string[]): ClientAddressOf {
  if (trustedProxies.length === 0) return ({ socket }) => plainAddress(socket.remoteAddress ?? '');
  const isInside = proxyAddr.compile([...trustedProxies]);
  // The library also reads `127.1` and the like, which no proxy writes.
  const isTrusted = (address: string, hop: number) => isIP(address) !== 0 && isInside(address, hop);
  return (request) => {
    const { remoteAddress } = request.socket;
    if (remoteAddress === undefined) return '';
    const walked = proxyAddr.all(request as IncomingMessage, isTrusted);
    return plainAddress(walked.findLast((address) => isIP(address) !== 0) ?? remoteAddress);
  };
}

/** IPv4 as such, and without the name of one of our own interfaces. */
function plainAddress(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%');
  return plain.startsWith('::ffff:') && plain.includes('.') ? plain.slice(7) : plain;
}
