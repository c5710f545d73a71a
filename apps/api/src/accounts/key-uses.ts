import type { KeyUse } from '@tollbook/db';

const minuteMs = 60_000;
/** So many keys are remembered; beyond that some are noted more often than needed. */
const keysMax = 10_000;

/** Notes when keys are used: at most once a minute and key, and never in a caller's way. */
export class KeyUses {
  private readonly notedAt = new Map<string, number>();

  constructor(
    private readonly store: { touch(use: KeyUse): Promise<void> },
    private readonly report: (error: unknown) => void,
  ) {}

  note(use: KeyUse): void {
    const now = Date.now();
    if (now - (this.notedAt.get(use.apiKeyId) ?? Number.NEGATIVE_INFINITY) < minuteMs) return;
    if (this.notedAt.size >= keysMax) this.notedAt.clear();
    this.notedAt.set(use.apiKeyId, now);
    this.store.touch(use).catch(this.report);
  }
}
