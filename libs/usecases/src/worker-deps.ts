import type { ChangeDeps } from './change-attempt.js';
import type { ChainReader } from './ports/chain-reader.js';
import type { ChainStore } from './ports/chain-store.js';
import type { Failpoint } from './ports/failpoint.js';
import type { SettlementGateway } from './ports/settlement-gateway.js';
import type { SweepStore } from './ports/sweep-store.js';

/** What the worker's steps need from the outside. */
export type WorkerDeps = ChangeDeps & {
  readonly store: ChainStore;
  readonly sweep: SweepStore;
  readonly failpoint: Failpoint;
  readonly readerOf: (network: string) => ChainReader | undefined;
  readonly settlementOf: (network: string) => SettlementGateway | undefined;
  /** New at every process start: a restarted worker is another holder. */
  readonly holder: string;
};

/** The lease under which one process indexes a network. */
export function chainLeaseName(network: string): string {
  return `chain/${network}/0`;
}

/** Renewed before each commit, so it need not outlast slow nodes; short, so another process follows a dead one soon. */
export const chainLeaseMs = 5_000;
