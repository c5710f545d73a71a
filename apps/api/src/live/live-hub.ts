import type { LiveEvent } from './live-event.js';
import { LiveFrames } from './live-frames.js';

/** Where feeds are read. */
export type LiveSource = {
  head(bookId: number): Promise<number>;
  after(bookId: number, position: number, limit: number): Promise<readonly LiveEvent[]>;
};

/** One reader's connection. */
export type LiveSink = {
  /** Resolves nothing: a text that cannot be sent at once waits in memory, and `waitingBytes` tells how much does. */
  write(text: string): void;
  waitingBytes(): number;
  /** Ends the connection; nothing is written afterwards. */
  end(): void;
};

/** Who follows no further than this is told to load everything again: that is cheaper than so many changes. */
export const replayMax = 1_000;
/** A reader that leaves this much unread is dropped, and may come back with the last id it saw. */
export const waitingBytesMax = 512 * 1024;
const batchMax = 200;

type Stream = { readonly sink: LiveSink; sent: number; isFlushing: boolean; isWanted: boolean; isClosed: boolean };
type Channel = {
  readonly frames: LiveFrames;
  readonly streams: Set<Stream>;
  isExtending: boolean;
  isWanted: boolean;
};

/**
 * Tells every open stream what its book's feed tells, in order and without gaps. A book's events are read once for all
 * of its streams; who is behind what is kept in memory reads on by itself until it has caught up.
 */
export class LiveHub {
  readonly #channels = new Map<number, Channel>();

  constructor(
    private readonly source: LiveSource,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * Opens a stream behind a position, or at the end of the feed for null. A position that is unknown or too long ago
   * begins with `reset`. Returns what closes it; throws what the source throws.
   */
  async open(bookId: number, after: number | null, sink: LiveSink): Promise<() => void> {
    const head = await this.source.head(bookId);
    const isKnown = after !== null && after <= head && head - after <= replayMax;
    const stream: Stream = {
      sink,
      sent: isKnown ? after : head,
      isFlushing: false,
      isWanted: false,
      isClosed: false,
    };
    sink.write(`retry: 2000\nid: ${stream.sent}\nevent: ${after === null || isKnown ? 'ping' : 'reset'}\ndata: {}\n\n`);
    const channel = this.#channels.get(bookId) ?? newChannel(head);
    this.#channels.set(bookId, channel);
    channel.streams.add(stream);
    this.grow(bookId);
    return () => this.#close(bookId, stream);
  }

  /** The book's feed may have grown. */
  grow(bookId: number): void {
    const channel = this.#channels.get(bookId);
    if (!channel) return;
    channel.isWanted = true;
    if (!channel.isExtending) void this.#extend(bookId, channel);
  }

  /** Tells a book's streams something that stands in no feed, and is lost on whoever is away. */
  signal(bookId: number, event: string, data: object): void {
    const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const stream of this.#channels.get(bookId)?.streams ?? []) this.#write(bookId, stream, text);
  }

  /** Keeps idle connections open, and finds what notices did not tell. */
  beat(): void {
    for (const [bookId, channel] of this.#channels) {
      for (const stream of channel.streams) this.#write(bookId, stream, ': beat\n\n');
      this.grow(bookId);
    }
  }

  closeAll(): void {
    for (const [bookId, { streams }] of this.#channels) {
      for (const stream of streams) {
        this.#close(bookId, stream);
        stream.sink.end();
      }
    }
  }

  get streamCount(): number {
    return [...this.#channels.values()].reduce((count, { streams }) => count + streams.size, 0);
  }

  /** Reads on until nothing more is there; what grows meanwhile is asked for once more, however often it is told. */
  async #extend(bookId: number, channel: Channel): Promise<void> {
    const { frames, streams } = channel;
    channel.isExtending = true;
    try {
      while (channel.isWanted && streams.size > 0) {
        channel.isWanted = false;
        const events = await this.source.after(bookId, frames.end, batchMax);
        for (const event of events) frames.add(event);
        for (const stream of streams) void this.#flush(bookId, stream, frames);
        if (events.length === batchMax) channel.isWanted = true;
      }
    } catch (error) {
      this.report(error);
    } finally {
      channel.isExtending = false;
    }
  }

  /** One at a time for a stream, because it waits between reading and writing. */
  async #flush(bookId: number, stream: Stream, frames: LiveFrames): Promise<void> {
    stream.isWanted = true;
    if (stream.isFlushing) return;
    stream.isFlushing = true;
    try {
      while (stream.isWanted && !stream.isClosed) {
        stream.isWanted = false;
        await this.#catchUp(bookId, stream, frames);
        for (const frame of frames.after(stream.sent) ?? []) {
          this.#write(bookId, stream, frame.text);
          stream.sent = frame.position;
        }
      }
    } catch (error) {
      this.report(error);
    } finally {
      stream.isFlushing = false;
    }
  }

  /** Sends what is no longer in memory; afterwards, without a further wait, memory goes on where this ended. */
  async #catchUp(bookId: number, stream: Stream, frames: LiveFrames): Promise<void> {
    while (!stream.isClosed && frames.after(stream.sent) === null) {
      const events = await this.source.after(bookId, stream.sent, batchMax);
      if (events.length === 0) return;
      for (const event of events) {
        this.#write(bookId, stream, LiveFrames.textOf(event));
        stream.sent = event.position;
      }
    }
  }

  #write(bookId: number, stream: Stream, text: string): void {
    if (stream.isClosed) return;
    stream.sink.write(text);
    if (stream.sink.waitingBytes() <= waitingBytesMax) return;
    this.#close(bookId, stream);
    stream.sink.end();
  }

  #close(bookId: number, stream: Stream): void {
    stream.isClosed = true;
    const channel = this.#channels.get(bookId);
    channel?.streams.delete(stream);
    if (channel?.streams.size === 0) this.#channels.delete(bookId);
  }
}

function newChannel(head: number): Channel {
  return { frames: new LiveFrames(head), streams: new Set(), isExtending: false, isWanted: false };
}
