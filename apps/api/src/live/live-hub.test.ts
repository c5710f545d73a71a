import { describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from './live-event.js';
import { LiveHub, type LiveSink, replayMax, waitingBytesMax } from './live-hub.js';

const bookId = 1;

/** A feed that grows, read as the database is: later, and in batches. */
function buildFeed(length: number) {
  const events: LiveEvent[] = [];
  const grow = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const position = events.length + 1;
      events.push({ position, type: 'payment_intent.confirmed', json: `{"position":${position}}` });
    }
  };
  grow(length);
  const reads: number[] = [];
  return {
    reads,
    grow,
    source: {
      head: async () => events.length,
      after: async (_bookId: number, position: number, limit: number) => {
        reads.push(position);
        await Promise.resolve();
        return events.slice(position, position + limit);
      },
    },
  };
}

function buildSink() {
  let text = '';
  let waiting = 0;
  let isEnded = false;
  const sink: LiveSink = {
    write: (more) => {
      if (isEnded) throw new Error('written after its end');
      text += more;
    },
    waitingBytes: () => waiting,
    end: () => {
      isEnded = true;
    },
  };
  return {
    sink,
    ids: () => [...text.matchAll(/^id: (\d+)\nevent: payment/gm)].map(([, id]) => Number(id)),
    first: () => text.split('\n\n')[0],
    text: () => text,
    isEnded: () => isEnded,
    waits: (bytes: number) => {
      waiting = bytes;
    },
  };
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

function open() {
  const feed = buildFeed(3);
  const errors: unknown[] = [];
  return { feed, errors, hub: new LiveHub(feed.source, (error) => errors.push(error)) };
}

describe('LiveHub', () => {
  it('begins at the end of the feed, and says where that is', async () => {
    const { hub, feed } = open();
    const reader = buildSink();
    await hub.open(bookId, null, reader.sink);
    expect(reader.first()).toBe('retry: 2000\nid: 3\nevent: ping\ndata: {}');
    feed.grow(2);
    hub.grow(bookId);
    await vi.waitFor(() => expect(reader.ids()).toEqual([4, 5]));
    expect(reader.text()).toContain('id: 5\nevent: payment_intent.confirmed\ndata: {"position":5}\n\n');
  });

  it('resumes behind the last id that was seen', async () => {
    const { hub } = open();
    const reader = buildSink();
    await hub.open(bookId, 1, reader.sink);
    await vi.waitFor(() => expect(reader.ids()).toEqual([2, 3]));
  });

  it.each([4, 99])('says reset to whoever saw the id %i, which is not in the feed', async (after) => {
    const { hub } = open();
    const reader = buildSink();
    await hub.open(bookId, after, reader.sink);
    expect(reader.first()).toBe('retry: 2000\nid: 3\nevent: reset\ndata: {}');
  });

  it('says reset to whoever is too far behind', async () => {
    const { hub, feed } = open();
    feed.grow(replayMax);
    const reader = buildSink();
    await hub.open(bookId, 2, reader.sink);
    expect(reader.first()).toContain('event: reset');
    const other = buildSink();
    await hub.open(bookId, 3, other.sink);
    await vi.waitFor(() => expect(other.ids()).toEqual(from(4, replayMax + 3)));
    expect(reader.ids()).toEqual([]);
  });

  it('tells each reader every event once and in order, however they come and whatever grows meanwhile', async () => {
    const { hub, feed, errors } = open();
    feed.grow(697);
    const readers = [];
    for (const after of [0, 150, null, 650, 699]) {
      const reader = buildSink();
      readers.push({ reader, first: (after ?? 700 + readers.length * 7) + 1 });
      await hub.open(bookId, after, reader.sink);
      feed.grow(7);
      hub.grow(bookId);
      hub.grow(bookId);
    }
    for (const { reader } of readers) {
      await vi.waitFor(() => expect(reader.ids().at(-1)).toBe(735));
    }
    const [, , third] = readers;
    expect(third?.reader.ids()).toEqual(from(715, 735));
    for (const { reader, first } of readers.filter((each) => each !== third)) {
      expect(reader.ids()).toEqual(from(first, 735));
    }
    expect(errors).toEqual([]);
  });

  it('reads what is new once, for however many readers', async () => {
    const { hub, feed } = open();
    const readers = Array.from({ length: 20 }, buildSink);
    for (const { sink } of readers) await hub.open(bookId, null, sink);
    await vi.waitFor(() => expect(feed.reads.length).toBeGreaterThan(0));
    const before = feed.reads.length;
    feed.grow(1);
    hub.grow(bookId);
    await vi.waitFor(() => expect(readers.every((reader) => reader.ids().length === 1)).toBe(true));
    expect(feed.reads.length - before).toBeLessThanOrEqual(20);
    expect(feed.reads.slice(before).filter((position) => position !== 3)).toEqual([]);
  });

  it('drops a reader that leaves too much unread, and goes on for the others', async () => {
    const { hub, feed } = open();
    const slow = buildSink();
    const quick = buildSink();
    await hub.open(bookId, null, slow.sink);
    await hub.open(bookId, null, quick.sink);
    slow.waits(waitingBytesMax + 1);
    feed.grow(2);
    hub.grow(bookId);
    await vi.waitFor(() => expect(quick.ids()).toEqual([4, 5]));
    expect(slow.isEnded()).toBe(true);
    expect(hub.streamCount).toBe(1);
  });

  it('finds by its beat what no notice told, and signals what stands in no feed', async () => {
    const { hub, feed } = open();
    const reader = buildSink();
    await hub.open(bookId, null, reader.sink);
    feed.grow(1);
    hub.beat();
    await vi.waitFor(() => expect(reader.ids()).toEqual([4]));
    hub.signal(bookId, 'config', { configVersion: '7' });
    hub.signal(2, 'config', { configVersion: '8' });
    expect(reader.text()).toContain('event: config\ndata: {"configVersion":"7"}\n\n');
    expect(reader.text()).not.toContain('"8"');
  });

  it('goes on after the source failed', async () => {
    const { feed } = open();
    let isAway = false;
    const errors: unknown[] = [];
    const source = {
      head: feed.source.head,
      after: async (...values: Parameters<typeof feed.source.after>) => {
        if (isAway) throw new Error('away');
        return feed.source.after(...values);
      },
    };
    const hub = new LiveHub(source, (error) => errors.push(error));
    const reader = buildSink();
    await hub.open(bookId, null, reader.sink);
    isAway = true;
    feed.grow(1);
    hub.grow(bookId);
    await vi.waitFor(() => expect(errors).not.toHaveLength(0));
    isAway = false;
    hub.beat();
    await vi.waitFor(() => expect(reader.ids()).toEqual([4]));
  });

  it('closes one, or all', async () => {
    const { hub } = open();
    const readers = [buildSink(), buildSink(), buildSink()];
    const [closeFirst] = await Promise.all(readers.map(({ sink }) => hub.open(bookId, null, sink)));
    closeFirst?.();
    expect(hub.streamCount).toBe(2);
    hub.closeAll();
    expect(readers.map((reader) => reader.isEnded())).toEqual([false, true, true]);
    expect(hub.streamCount).toBe(0);
  });
});
