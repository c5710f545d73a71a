import type { ServerEnd } from './stop-server.js';

/** A running embedded PostgreSQL. */
export interface LocalPostgres {
  /** Database `tollbook` as login `tollbook`: an ordinary role that may create roles and owns the database. */
  url: string;
  /** Database `postgres` as superuser; for tests that make databases, and nothing else. */
  adminUrl: string;
  /** TCP port on 127.0.0.1. */
  port: number;
  /** Process id of the server (its postmaster). */
  pid: number;
  /** Whether it ran already: left by a process that was killed, or started by one that still runs. */
  wasAdopted: boolean;
  /** Resolves when the server has ended, expected or not; both fields are null for an adopted one. */
  exited: Promise<ServerEnd>;
  /** Stops the server, adopted or not, and resolves when it has ended; repeating it is harmless. */
  stop(): Promise<void>;
}
