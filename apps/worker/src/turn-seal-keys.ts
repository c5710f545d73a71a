import { sealedPlaces } from '@tollbook/vault';
import type { WorkerParts } from './composition.js';

const dayMs = 86_400_000;
const keyLifeMs = 30 * dayMs;
/** The next key is drawn when the newest has this long to go. */
const drawAheadMs = 3 * dayMs;
/** Every gate has read a new key, which it does once a minute, before one of them seals with it. */
const sealDelayMs = 120_000;
const secretBytes = 32;

type Parts = Pick<WorkerParts, 'setup' | 'vault' | 'sealer' | 'deps'>;

/** Makes sure that there is a key to seal offers with for the coming three days. */
export async function turnSealKeys({ setup, vault, sealer, deps }: Parts): Promise<void> {
  // Keys may have been added since this process read them.
  for (const key of await setup.dataKeys()) vault.addDataKey(key);
  const nowMs = await deps.sweep.nowMs();
  const sealFromMs = nowMs + sealDelayMs;
  await setup.ensureSealKey({
    secretSealed: sealer.seal(null, deps.crypto.randomBytes(secretBytes), sealedPlaces.sealKeySecret),
    sealFromMs,
    sealUntilMs: sealFromMs + keyLifeMs,
    sealUntilMinMs: nowMs + drawAheadMs,
  });
}
