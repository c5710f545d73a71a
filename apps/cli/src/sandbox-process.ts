/** The sandbox in a process of its own: its chain, and the server behind the demo endpoint. */
import { loadConfig } from '@tollbook/config';
import { type Sandbox, startSandbox } from '@tollbook/sandbox';
import { createLogger, type Logger } from '@tollbook/telemetry';
import { type DemoUpstream, startDemoUpstream } from './demo-upstream.js';
import { explainError } from './explain-error.js';
import { encodeSandboxReady } from './sandbox-message.js';

async function run(logger: Logger): Promise<void> {
  const { dataDir, anvilPath } = loadConfig();
  const ending = listenForEnd();
  const log = (line: string) => logger.info({ line }, 'sandbox told');
  const upstream = await startDemoUpstream(dataDir);
  const sandbox = await startSandbox({ dataDir, log, ...(anvilPath === undefined ? {} : { anvilPath }) });
  const { rpcUrl } = sandbox.info.evm;
  process.send?.(encodeSandboxReady({ anvilPid: sandbox.pid, rpcUrl, upstreamUrl: upstream.url }));
  const exit = await Promise.race([sandbox.exited, ending]);
  if (exit === 'asked') return end(sandbox, upstream);
  // The supervisor starts this process again, and the chain continues from what was saved.
  logger.error({ exit_code: exit.code, signal: exit.signal }, 'sandbox chain ended');
  process.exit(1);
}

/** Resolves when the supervisor asks for the end, or is gone. */
function listenForEnd(): Promise<'asked'> {
  return new Promise((resolve) => {
    const asked = () => resolve('asked');
    process.on('SIGTERM', asked);
    process.on('SIGINT', asked);
    if (process.send !== undefined) process.on('disconnect', asked);
  });
}

async function end(sandbox: Sandbox, upstream: DemoUpstream): Promise<never> {
  await sandbox.stop();
  await upstream.close();
  process.exit(0);
}

function fail(logger: Logger, error: unknown): void {
  logger.fatal({ err: error }, 'sandbox did not start');
  const exit = () => process.exit(1);
  if (process.send === undefined || !process.connected) exit();
  else process.send({ type: 'failed', message: explainError(error).text }, exit);
}

const logger = createLogger({ name: 'sandbox', level: loadLevel() });
run(logger).catch((error: unknown) => fail(logger, error));

/** Bad settings were refused by the supervisor; here they must not hide what they are. */
function loadLevel() {
  try {
    return loadConfig().logLevel;
  } catch {
    return 'info';
  }
}
