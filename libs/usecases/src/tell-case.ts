import type { CaseEventType, Mode } from '@tollbook/domain';
import type { Catalog } from './catalog.js';
import { toDiscrepancyView } from './discrepancy-view.js';
import { eventAboutNone } from './event-about-none.js';
import type { Clock } from './ports/clock.js';
import type { Crypto } from './ports/crypto.js';
import type { DiscrepancyRecord } from './ports/payment-queries.js';
import type { EventDraft } from './ports/records.js';

/** Makes the event that tells what a person did about a discrepancy, which it shows as it stands now. */
export type TellCase = (
  book: { readonly bookId: number; readonly mode: Mode },
  type: CaseEventType,
  discrepancy: DiscrepancyRecord,
) => EventDraft;

/** Events with ids and times of their own. */
export function createTellCase(deps: {
  readonly clock: Clock;
  readonly crypto: Pick<Crypto, 'randomBytes'>;
  readonly catalog: Catalog;
}): TellCase {
  return (book, type, discrepancy) =>
    eventAboutNone({
      type,
      book,
      data: toDiscrepancyView(discrepancy, deps.catalog),
      nowMs: deps.clock.nowMs(),
      crypto: deps.crypto,
    });
}
