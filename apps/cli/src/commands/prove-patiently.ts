import { setTimeout as delay } from 'node:timers/promises';
import {
  ChainStateMissing,
  ChainUnavailable,
  type ProofResult,
  type ProofScope,
  type ProveDeps,
  proveBooks,
} from '@tollbook/usecases';

const patienceMs = 10_000;
const pauseMs = 500;

/** A node that was just restarted may lack the state of the newest final block until it has mined a few more. */
export async function provePatiently(deps: ProveDeps, scope: ProofScope): Promise<ProofResult> {
  const startedAtMs = performance.now();
  for (;;) {
    try {
      return await proveBooks(deps, scope);
    } catch (error) {
      const isLasting = !(error instanceof ChainUnavailable) || error instanceof ChainStateMissing;
      if (isLasting || performance.now() - startedAtMs > patienceMs) throw error;
      await delay(pauseMs);
    }
  }
}
