import { z } from 'zod';

/**
 * What a caller of the merchant API may do. An API key holds some of these as its scopes, or `*` for all; a user of the
 * dashboard holds those of the role. A write permission does not bring the read one along.
 */
export const permissions = [
  'payments:read',
  'payments:write',
  'endpoints:read',
  'endpoints:write',
  'limits:read',
  'limits:write',
  'webhooks:read',
  'webhooks:write',
  'events:read',
  'reports:read',
  'books:read',
  'wallets:read',
  'wallets:write',
  'facilitators:read',
  'facilitators:write',
  'keys:read',
  'keys:write',
  'audit:read',
  'health:read',
] as const;

export type Permission = (typeof permissions)[number];

/** The scope that holds every permission there is, also those that come later. */
export const everyScope = '*';

export const permissionSchema = z.enum(permissions);
export const scopeSchema = z.union([z.literal(everyScope), permissionSchema]);

/** The permissions that scopes grant; words that are not known grant nothing. */
export function permissionsOf(scopes: readonly string[]): readonly Permission[] {
  if (scopes.includes(everyScope)) return permissions;
  return permissions.filter((permission) => scopes.includes(permission));
}
