import type { DeliveryQueries, FeedStore } from '@tollbook/usecases';
import type { GateSnapshot } from '../gate/gate-snapshot.js';
import { toApiEvent } from '../webhooks/delivery.mapping.js';
import type { LiveSource } from './live-hub.js';

/** Feeds as they are stored, told as `/v1/events` tells them. */
export function createLiveSource(parts: {
  readonly feed: FeedStore;
  readonly queries: Pick<DeliveryQueries, 'events'>;
  readonly snapshot: Pick<GateSnapshot, 'books'>;
}): LiveSource {
  return {
    head: (bookId) => parts.feed.head(bookId),
    after: async (bookId, position, limit) => {
      const mode = parts.snapshot.books().find(({ book }) => book.bookId === bookId)?.book.mode;
      if (mode === undefined) throw new Error(`book ${bookId} is followed and not known`);
      const records = await parts.queries.events(bookId, position, null, limit);
      return records.flatMap((record) => {
        const event = toApiEvent(record, mode);
        return event.position === null
          ? []
          : [{ position: event.position, type: event.type, json: JSON.stringify(event) }];
      });
    },
  };
}
