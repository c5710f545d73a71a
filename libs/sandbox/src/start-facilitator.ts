import { type MockFacilitator, startMockFacilitator } from '@tollbook/testing';
import { broadcastAuthorization } from './broadcast-authorization.js';
import { SANDBOX_CHAIN_ID, type SandboxState } from './sandbox-state.js';

/** How long the sandbox's facilitator takes where its script says that it takes long. */
const DELAY_MS = 6_000;

/** A facilitator for the sandbox's chain that does what a scenario wrote down for a payer; otherwise it settles. */
export function startFacilitator(
  { evm }: Pick<SandboxState, 'evm'>,
  options: { delayMs?: number; oldTx?: () => string } = {},
): Promise<MockFacilitator> {
  return startMockFacilitator({
    networks: [`eip155:${SANDBOX_CHAIN_ID}`],
    carryOut: (order) => broadcastAuthorization(evm.rpcUrl, order),
    delayMs: options.delayMs ?? DELAY_MS,
    ...(options.oldTx ? { oldTx: options.oldTx } : {}),
  });
}
