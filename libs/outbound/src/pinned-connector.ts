import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { AddressPolicy } from './address-policy.js';
import { OutboundError } from './outbound-error.js';
import { type ResolveName, resolveVetted } from './resolve-vetted.js';

const DIALLED_ADDRESSES_MAX = 8;

/** How connections are made. */
export type ConnectorOptions = {
  isAllowed: AddressPolicy;
  resolveName: ResolveName;
  /** For name, TCP and TLS together. */
  connectTimeoutMs: number;
  /** Authorities to trust instead of Node's. */
  trustedCertificatesPem: string | undefined;
};

/**
 * A connect function for undici that dials only the addresses it has just vetted, so that a name cannot change
 * its meaning between the check and the call. Literal addresses take the same way (undici's own `lookup` hook
 * is never asked about those). Fails with an OutboundError whose `isSent` is false.
 */
export function createPinnedConnector(options: ConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    openSocket(target, options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(toOutboundError(error), null),
    );
  };
}

async function openSocket(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const deadline = AbortSignal.timeout(options.connectTimeoutMs);
  const addresses = await raceAgainst(deadline, resolveVetted(target.hostname, options.isAllowed, options.resolveName));
  const socket = dial(target, addresses, options);
  await connected(socket, target.protocol === 'https:' ? 'secureConnect' : 'connect', deadline);
  const { remoteAddress } = socket;
  if (remoteAddress === undefined || !options.isAllowed(remoteAddress)) {
    socket.destroy();
    throw new OutboundError(remoteAddress === undefined ? 'connect_failed' : 'address_blocked', false);
  }
  return socket;
}

function dial(target: buildConnector.Options, addresses: readonly string[], options: ConnectorOptions): Socket {
  const isTls = target.protocol === 'https:';
  const host = target.hostname;
  const port = target.port === '' ? (isTls ? 443 : 80) : Number(target.port);
  const dialled = addresses.slice(0, DIALLED_ADDRESSES_MAX);
  // With the addresses handed over as a lookup, Node tries one after the other and TLS still checks the name.
  const shared = {
    host,
    port,
    lookup: lookupOf(dialled),
    autoSelectFamily: true,
    // Node's own 250 ms is less than a round trip around the world: it would give up on a good address.
    autoSelectFamilyAttemptTimeout: Math.ceil(options.connectTimeoutMs / dialled.length),
    keepAlive: true,
    noDelay: true,
  };
  if (!isTls) return connectTcp(shared);
  return connectTls({
    ...shared,
    servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    ...(options.trustedCertificatesPem === undefined ? {} : { ca: options.trustedCertificatesPem }),
  });
}

function lookupOf(addresses: readonly string[]): LookupFunction {
  const records = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, lookupOptions, callback) => {
    const [first] = records;
    if (lookupOptions.all === true) callback(null, records);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const expire = (): void => void socket.destroy(new OutboundError('timeout', false));
    // Stays for the socket's life: an error after the connection is undici's to report, but must never be unhandled.
    socket.on('error', reject);
    socket.once('close', () => reject(new OutboundError('connect_failed', false)));
    socket.once(event, () => {
      deadline.removeEventListener('abort', expire);
      resolve();
    });
    if (deadline.aborted) expire();
    else deadline.addEventListener('abort', expire);
  });
}

function raceAgainst<Value>(deadline: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new OutboundError('timeout', false));
    deadline.addEventListener('abort', expire, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', expire));
  });
}

function toOutboundError(error: unknown): OutboundError {
  return error instanceof OutboundError ? error : new OutboundError('connect_failed', false, { cause: error });
}
