import type { ShownTransferStore } from './ports/shown-transfers.js';
import type { TransferWaits } from './transfer-waits.js';

/** What judging shown transfers needs from the outside. */
export type ShownDeps = {
  readonly store: ShownTransferStore;
  readonly waits: TransferWaits;
  /** How long a request is held until its transfer is deep enough. */
  readonly waitMs: number;
  /** Of our public base URL: what a proof is signed for. */
  readonly host: string;
};
