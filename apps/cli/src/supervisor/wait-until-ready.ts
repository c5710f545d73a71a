import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';

const pollMs = 50;
const answerMsMax = 3_000;
const readyMsMax = 60_000;

/** Resolves when `/health/ready` answers 200; throws a CliError with its last answer when it does not within a minute. */
export async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  for (;;) {
    const answer = await ask(`${url}/health/ready`);
    if (answer === 'ready') return;
    if (performance.now() - startedAtMs > readyMsMax) {
      throw new CliError(`Tollbook runs but is not ready after ${readyMsMax / 1000} s: ${answer}`);
    }
    await delay(pollMs, undefined, { signal });
  }
}

async function ask(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
    const text = await response.text();
    return response.ok ? 'ready' : `${response.status} ${text.slice(0, 300)}`;
  } catch (error) {
    return reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}
