import { StoreUnavailable } from './store-unavailable.js';

const pauseMsMin = 250;
const pauseMsMax = 2_000;

/**
 * Repeats a commit that the database did not take until it does, or until `msMax` have passed; then throws what the last
 * try threw. Anything else is thrown at once. For what is lost when it is not written, and may be written twice.
 */
export async function untilStored(write: () => Promise<void>, msMax: number): Promise<void> {
  const endsAt = performance.now() + msMax;
  for (let pauseMs = pauseMsMin; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() + pauseMs > endsAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
