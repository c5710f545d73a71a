import {
  type BackfillOutcome,
  backfillChain,
  type CheckDeps,
  type CheckOutcome,
  chainLeaseMs,
  chainLeaseName,
  checkChain,
  type ReconcileOutcome,
  reconcileNetwork,
  type ScanOutcome,
  scanChain,
} from '@tollbook/usecases';
import { giveBack } from './give-back.js';
import { Turns } from './turns.js';

/** A batch read from a slow node may take longer than the lease that it is written under. */
const renewalMs = chainLeaseMs / 3;

/**
 * Scans and reconciles, one step of a network at a time. The lease keeps other processes away, but two steps of this
 * process would hold the same lease and overwrite each other's cursor. It is given back after each step: the queue gives
 * the next job to any process, and after a crash between two steps nobody has to wait.
 */
export class ChainSteps {
  private readonly turns = new Turns();

  constructor(private readonly deps: CheckDeps) {}

  scan(network: string): Promise<ScanOutcome> {
    return this.inTurn(network, () => scanChain(this.deps, network));
  }

  reconcile(network: string): Promise<ReconcileOutcome> {
    return this.inTurn(network, () => reconcileNetwork(this.deps, network));
  }

  check(network: string): Promise<CheckOutcome> {
    return this.inTurn(network, () => checkChain(this.deps, network));
  }

  backfill(network: string): Promise<BackfillOutcome> {
    return this.inTurn(network, () => backfillChain(this.deps, network));
  }

  /** Milliseconds since a step of the network ended in this process. */
  quietMs(network: string): number {
    return this.turns.quietMs(network);
  }

  private inTurn<T>(network: string, step: () => Promise<T>): Promise<T> {
    return this.turns.take(network, async () => {
      const { store, holder } = this.deps;
      const renewal = setInterval(() => {
        store.takeLease(chainLeaseName(network), holder, chainLeaseMs).catch(() => null);
      }, renewalMs);
      try {
        return await step();
      } finally {
        clearInterval(renewal);
        await giveBack(store, chainLeaseName(network), holder);
      }
    });
  }
}
