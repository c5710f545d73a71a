import { isIP } from 'node:net';
import { createAddressPolicy } from './address-policy.js';
import { OutboundError } from './outbound-error.js';
import { parseTarget } from './parse-target.js';
import { type ResolveName, resolveBySystem, resolveVetted } from './resolve-vetted.js';

/** Why a URL may not be configured; null when it may. */
export type UrlRefusal = 'invalid_url' | 'address_blocked' | null;

const RESOLVE_TIMEOUT_MS = 2_000;

/**
 * Looks at a URL when it is configured, by the rules that the client calls it under later. A name that has no address
 * now, or none in time, is let through: every call vets it again, and a name server may be away for a while.
 */
export function createUrlVetter(options: {
  allowCidrs: readonly string[];
  resolveName?: ResolveName;
}): (url: string) => Promise<UrlRefusal> {
  const isAllowed = createAddressPolicy(options.allowCidrs);
  const resolveName = options.resolveName ?? resolveBySystem;
  return async (url) => {
    try {
      const host = hostOf(url);
      if (isIP(host) !== 0) return isAllowed(host) ? null : 'address_blocked';
      await Promise.race([resolveVetted(host, isAllowed, resolveName), giveUp()]);
      return null;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (error.code === 'invalid_url') return 'invalid_url';
      return error.code === 'address_blocked' ? 'address_blocked' : null;
    }
  };
}

/** The host as it would be dialled: a literal without its brackets. */
function hostOf(url: string): string {
  parseTarget(url);
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}

function giveUp(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, RESOLVE_TIMEOUT_MS).unref();
  });
}
