import type { TermsVersion } from '@tollbook/domain';
import type { Found } from './found.js';
import type { GateSnapshot } from './gate-snapshot.js';

/** Divides a second: at the turn of one, prices come into force. */
const recentMs = 100;

/**
 * What was looked up in the same tenth of a second, of the same configuration: which endpoint a target is, and which
 * networks are open. A crawler asks for both thousands of times while they stay what they are.
 */
export class RecentFinds {
  private tenth = -1;
  private changes = -1;
  private readonly byMethod = new Map<string, Map<string, Found>>();
  private readonly terms = new Map<TermsVersion, TermsVersion | null>();

  constructor(private readonly snapshot: GateSnapshot) {}

  /** By the target as it was written: another spelling is another target. */
  found(method: string, target: string, nowMs: number): Found | undefined {
    this.forget(nowMs);
    return this.byMethod.get(method)?.get(target);
  }

  /** Only what is as many as the merchant's endpoints, and not as many as whoever asks makes up. */
  keep(method: string, target: string, found: Found): void {
    const targets = this.byMethod.get(method) ?? new Map<string, Found>();
    this.byMethod.set(method, targets.set(target, found));
  }

  /** Terms as they are offered, looked up by `look` where that was not done a moment ago. */
  offered(terms: TermsVersion, nowMs: number, look: () => TermsVersion | null): TermsVersion | null {
    this.forget(nowMs);
    let offered = this.terms.get(terms);
    if (offered === undefined) {
      offered = look();
      this.terms.set(terms, offered);
    }
    return offered;
  }

  private forget(nowMs: number): void {
    const tenth = Math.floor(nowMs / recentMs);
    const { changes } = this.snapshot;
    if (tenth === this.tenth && changes === this.changes) return;
    this.tenth = tenth;
    this.changes = changes;
    this.byMethod.clear();
    this.terms.clear();
  }
}
