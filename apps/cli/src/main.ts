import { explainError } from './explain-error.js';
import { type Command, parseCommand } from './parse-command.js';
import { processTerminal, type Terminal } from './terminal.js';
import { readVersion, usage } from './usage.js';

const usageExitCode = 2;
/** What is still open after this long, once a command is done, is cut. */
const lingerMs = 500;

/** Runs one command and sets the exit code: 0 done, 1 failed, 2 not understood or misconfigured. Never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  try {
    process.exitCode = await run(parseCommand(argv), terminal);
  } catch (error) {
    const { text, exitCode } = explainError(error);
    terminal.say(text);
    process.exitCode = exitCode;
  }
  setTimeout(() => process.exit(), lingerMs).unref();
}

/** Commands are loaded one by one, because some need libraries that take longer to load than others take to run. */
async function run(command: Command, terminal: Terminal): Promise<number> {
  switch (command.kind) {
    case 'help':
      terminal.print(usage);
      return 0;
    case 'version':
      terminal.print(readVersion());
      return 0;
    case 'refused':
      terminal.say(`${command.message}\n\n${usage}`);
      return usageExitCode;
    case 'start':
      return (await import('./commands/start.js')).start(terminal);
    case 'doctor':
      return (await import('./commands/run-doctor.js')).runDoctor(terminal);
    case 'migrate':
      return (await import('./commands/migrate-database.js')).migrateDatabase(terminal);
    case 'key_create':
      return (await import('./commands/create-key.js')).createKey(command, terminal);
    case 'merchant_create':
      return (await import('./commands/create-merchant.js')).createMerchant(command, terminal);
    case 'user_reset_password':
      return (await import('./commands/reset-password.js')).resetPassword(command.email, terminal);
    case 'pay':
      return (await import('./commands/pay-url.js')).payUrl(command, terminal);
    case 'scenario':
      return (await import('./commands/play-scenario.js')).playScenario(command.scenario, terminal);
    case 'explain':
      return (await import('./commands/explain.js')).explainAbout(command, terminal);
    case 'seed':
      return (await import('./commands/seed-payments.js')).seedPayments(command, terminal);
    case 'network_resume':
      return (await import('./commands/resume-network.js')).resumeReading(command, terminal);
    case 'reindex':
      return (await import('./commands/reindex-network.js')).reindexNetwork(command, terminal);
    case 'reindex_rollups':
      return (await import('./commands/reindex-rollups.js')).reindexRollups(terminal);
    case 'books_proof':
      return (await import('./commands/prove-wallets.js')).proveWallets(command, terminal);
    case 'books_verify':
      return (await import('./commands/verify-books.js')).verifyBooks(command, terminal);
  }
}
