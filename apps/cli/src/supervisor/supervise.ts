import type { Config } from '@tollbook/config';
import type { Logger } from '@tollbook/telemetry';
import { CliError } from '../cli-error.js';
import type { Terminal } from '../terminal.js';
import { localUrl } from './base-url.js';
import { Fleet } from './fleet.js';
import type { GiveUpReport } from './kept-service.js';
import { requireRedis } from './require-redis.js';
import { reservePort } from './reserve-port.js';
import { listenForStopSignals } from './stop-signals.js';
import { waitUntilReady } from './wait-until-ready.js';
import { welcome } from './welcome.js';

export type SuperviseOptions = { readonly config: Config; readonly logger: Logger; readonly terminal: Terminal };

/** Runs the fleet until a signal asks for its end (resolves to 0) or it cannot go on (throws a CliError). */
export async function supervise({ config, logger, terminal }: SuperviseOptions): Promise<number> {
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  // Nobody may be waiting at the moment it fails.
  failed.catch(() => undefined);
  const onLine = (line: string) => terminal.say(line);
  const fleet = new Fleet({ config, logger, onLine, onGiveUp: (report) => fail(giveUpError(report)) });
  const signals = listenForStopSignals(() => {
    terminal.say('Hurrying.');
    fleet.hurry();
  });
  const { asked } = signals;
  const stopAsked = new Promise<void>((resolve) => asked.addEventListener('abort', () => resolve(), { once: true }));
  // A bug must end everything in order, not leave the children to find out.
  process.on('uncaughtException', fail);
  try {
    const started = startEverything(fleet, { config, logger, terminal }, asked);
    const ended = started.then(() => stopAsked);
    await Promise.race([ended, stopAsked, failed]);
    return 0;
  } finally {
    if (asked.aborted) terminal.say('Stopping.');
    await fleet.stop();
    if (asked.aborted) terminal.say('Stopped.');
    signals.close();
    process.off('uncaughtException', fail);
  }
}

async function startEverything(fleet: Fleet, options: SuperviseOptions, signal: AbortSignal): Promise<void> {
  const { config, terminal } = options;
  if (config.redisUrl !== undefined) await requireRedis(config.redisUrl);
  signal.throwIfAborted();
  const port = await reservePort(config.host, config.port);
  try {
    await fleet.startFoundations();
  } finally {
    await port.release();
  }
  // Takes a while to load, and is needed only once everything runs.
  const alsoLoaded = import('./create-owner.js');
  await Promise.all([fleet.startApps(), alsoLoaded]);
  await waitUntilReady(localUrl(config.host, config.port), signal);
  const owner = await fleet.createOwner();
  for (const line of welcome(config, owner, performance.now())) terminal.print(line);
}

function giveUpError({ name, deaths, how, lastLines }: GiveUpReport): CliError {
  const quoted = lastLines.length === 0 ? '' : `\nThe last it said:\n  ${lastLines.join('\n  ')}`;
  return new CliError(`The ${name} died ${deaths} times within a minute (it ${how}), so Tollbook stops.${quoted}`);
}
