import { inspect } from 'node:util';
import { CliError } from './cli-error.js';

/** Names of typed errors whose messages were written for the operator and hold no secrets. */
const speakingNames = new Set([
  'ChainUnavailable',
  'CliError',
  'ConfigError',
  'PostgresStartError',
  'RolesNotGranted',
  'SandboxRpcError',
  'SandboxUnavailableError',
  'SetupRefused',
  'StoreUnavailable',
  'VaultError',
]);

const usageExitCode = 2;
const causesMax = 3;

/** What to print for an error, and with which code to exit: 2 for a bad setting, 1 otherwise; a stack only for bugs. */
export function explainError(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof Error)) return { text: `Unexpected failure: ${inspect(error)}`, exitCode: 1 };
  if (!speakingNames.has(error.name)) return { text: `Unexpected failure: ${error.stack ?? error}`, exitCode: 1 };
  const exitCode = error.name === 'ConfigError' ? usageExitCode : error instanceof CliError ? error.exitCode : 1;
  return { text: [error.message, ...causesOf(error)].join('\n  because: '), exitCode };
}

/** One line on what went wrong, for a message that continues. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined && causes.length < causesMax; ) {
    const reason = reasonOf(cause);
    if (reason !== '' && !error.message.includes(reason)) causes.push(reason);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}
