import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { redactFields } from './redact.js';
import { scrubText } from './scrub-text.js';

/** A pino logger; messages are constant and in the past tense, everything variable goes into fields. */
export type Logger = PinoLogger;

/** The levels that `createLogger` takes, from chattiest to none. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

const LEVEL_WITH_STACK_MIN = 50;

/**
 * Writes one JSON line per call to `destination` (stdout unless told) without secrets: fields by name at any depth,
 * passwords in URLs and bearer tokens wherever they stand. Stacks appear from level error on.
 */
export function createLogger(options: { name: string; level: LogLevel; destination?: DestinationStream }): Logger {
  const logger = pino(
    {
      level: options.level,
      base: { name: options.name, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { req: describeRequest, res: describeReply, err: (value: unknown) => value },
      hooks: {
        logMethod(inputs, method, level) {
          const withStack = level >= LEVEL_WITH_STACK_MIN;
          Reflect.apply(
            method,
            this,
            inputs.map((input) => redactInput(input, withStack)),
          );
        },
        streamWrite: scrubText,
      },
    },
    options.destination ?? pino.destination(1),
  );
  redactBindings(logger);
  return logger;
}

/** Fields, an error alone, or an object to be spliced into the message: pino takes all three in any place. */
function redactInput(input: unknown, withStack: boolean): unknown {
  if (typeof input !== 'object' || input === null) return input;
  return redactFields(input instanceof Error ? { err: input } : input, withStack);
}

/** Pino's own formatter of bindings stops working below the first child, so `child` itself is wrapped. */
function redactBindings(logger: Logger): void {
  const original = logger.child;
  Object.defineProperty(logger, 'child', {
    value(this: Logger, bindings: object, ...rest: unknown[]): unknown {
      return Reflect.apply(original, this, [redactFields(bindings, false), ...rest]);
    },
  });
}

/** Method and path: queries and headers carry other people's secrets. */
function describeRequest(request: unknown): object {
  const url = fieldOf(request, 'url');
  return { method: fieldOf(request, 'method'), path: typeof url === 'string' ? url.split('?', 1)[0] : undefined };
}

function describeReply(reply: unknown): object {
  return { statusCode: fieldOf(reply, 'statusCode') };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
