import { isIPv6 } from 'node:net';

/** The address of the api as configured. */
export function baseUrl(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The same as a program on this machine reaches it: an address that stands for all of them is no destination. */
export function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return baseUrl('127.0.0.1', port);
  return baseUrl(host === '::' ? '::1' : host, port);
}
