import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigError, loadConfig } from '@tollbook/config';
import { createLogger, type Logger } from '@tollbook/telemetry';
import { compose } from './composition.js';
import { workerModuleOf } from './worker.module.js';

/** Everything that runs is given up after this; the supervisor waits ten seconds. */
const endTimeoutMs = 8_000;

async function start(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'worker', level: config.logLevel });
  const app = { current: undefined as INestApplicationContext | undefined };
  const ending = endWith(app, logger);
  const parts = await compose(config, logger);
  app.current = await NestFactory.createApplicationContext(workerModuleOf(parts), {
    logger: false,
    abortOnError: false,
  });
  if (ending.isWanted) return;
  logger.info({ networks: parts.nodes.networks(), queue: config.redisUrl ? 'redis' : 'postgres' }, 'worker started');
  process.send?.({ type: 'ready' });
}

/** Ends when told, and when the supervisor that started this process is gone. */
function endWith(app: { readonly current: INestApplicationContext | undefined }, logger: Logger) {
  const ending = { isWanted: false };
  const end = (reason: string) => {
    if (ending.isWanted) return;
    ending.isWanted = true;
    if (!app.current) process.exit(0);
    setTimeout(() => process.exit(0), endTimeoutMs).unref();
    app.current.close().then(
      () => {
        logger.info({ reason }, 'worker ended');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ reason, err: error }, 'worker did not end cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  if (process.send) process.on('disconnect', () => end('the supervisor is gone'));
  return ending;
}

start().catch((error: unknown) => {
  const logger = createLogger({ name: 'worker', level: 'info' });
  const isConfig = error instanceof ConfigError;
  logger.fatal({ err: error }, isConfig ? error.message : 'worker did not start');
  setTimeout(() => process.exit(1), 100);
});
