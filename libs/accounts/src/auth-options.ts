import { randomUUID } from 'node:crypto';
import { kyselyAdapter } from '@better-auth/kysely-adapter';
import type { BetterAuthOptions } from 'better-auth';
import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

export type AccountsOptions = {
  /** Acts as tollbook_app. Stays the caller's to close. */
  readonly pool: Pool;
  /** 32 bytes that sign the cookies: with another secret every session is over. */
  readonly secret: Uint8Array;
  /** Where people reach the instance; with https the cookies are for https alone. */
  readonly publicUrl: string;
  /** Told of what went wrong inside the library; never of who typed what. */
  readonly report: (error: Error) => void;
};

/** The header that carries the client's address to the library; no client's own header reaches it. */
export const addressHeader = 'x-tollbook-address';

const passwordCharactersMin = 8;
const passwordCharactersMax = 1_000;
const sessionSeconds = 14 * 86_400;
/** A session that is used is prolonged at most this often. */
const sessionUpdateSeconds = 3_600;

/**
 * better-auth over the tables of our own migration, in schema `auth`. Its router is not mounted: the api calls the few
 * functions it needs, so what else the library can do is not reachable from outside.
 */
export function authOptions({ pool, secret, publicUrl, report }: AccountsOptions): BetterAuthOptions {
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) }).withSchema('auth');
  return {
    appName: 'Tollbook',
    baseURL: publicUrl,
    basePath: '/auth',
    secret: Buffer.from(secret).toString('hex'),
    database: kyselyAdapter(db, { type: 'postgres', transaction: true }),
    telemetry: { enabled: false },
    // Its lines name accounts; what went wrong is told by what it throws.
    logger: {
      level: 'error',
      log: (_level, message) => report(new Error(`better-auth: ${message}`)),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordCharactersMin,
      maxPasswordLength: passwordCharactersMax,
    },
    // Counted in `signIn` of libs/usecases, by account and address, for all processes together.
    rateLimit: { enabled: false },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'sessions',
      expiresIn: sessionSeconds,
      updateAge: sessionUpdateSeconds,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    account: {
      modelName: 'credentials',
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      cookiePrefix: 'tollbook',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: () => randomUUID() },
    },
  };
}
