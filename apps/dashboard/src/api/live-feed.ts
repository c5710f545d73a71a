/** What the stream says, as this page uses it: the event's type and its data, still to be checked by whoever reads it. */
export interface LiveMessage {
  type: string;
  data: unknown;
  id: string | null;
}

export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; retryAtMs: number }
  | { kind: 'paused' }
  | { kind: 'offline' };

export interface LiveFeedOptions {
  url: string;
  /** Names the lock and the channel that the tabs of one browser share. */
  name: string;
  /** Named events of the stream; unnamed ones arrive as `message`. */
  types: readonly string[];
  onMessages: (messages: readonly LiveMessage[]) => void;
}

const retryMsMin = 1_000;
const retryMsMax = 30_000;
/** Four paints a second, however fast the stream is. */
const batchMs = 250;

type Shared = { kind: 'messages'; messages: LiveMessage[] } | { kind: 'state'; state: LiveState } | { kind: 'ask' };

/**
 * One stream per browser: the tab that holds the lock reads it and tells the others. Where locks are missing (plain
 * HTTP to another machine) every tab reads for itself.
 */
export class LiveFeed {
  private state: LiveState = { kind: 'connecting' };
  private readonly listeners = new Set<() => void>();
  private channel: BroadcastChannel | null = null;
  private end = new AbortController();
  private source: EventSource | null = null;
  private lastId: string | null = null;
  private retryMs = retryMsMin;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private batch: LiveMessage[] = [];
  private batchTimer: ReturnType<typeof setTimeout> | null = null;
  private isLeader = false;
  private isPaused = false;

  constructor(private readonly options: LiveFeedOptions) {}

  /** May be called again after `stop`. */
  start(): void {
    this.end = new AbortController();
    this.channel = new BroadcastChannel(this.options.name);
    this.channel.onmessage = ({ data }: MessageEvent<Shared>) => this.hear(data);
    window.addEventListener('offline', this.goOffline);
    window.addEventListener('online', this.comeBack);
    this.tell({ kind: 'ask' });
    // TypeScript believes they are always there; over plain HTTP they are not.
    const locks: LockManager | null | undefined = navigator.locks;
    if (!locks) {
      this.lead();
      return;
    }
    const { signal } = this.end;
    const hold = () =>
      new Promise<void>((release) => {
        signal.addEventListener('abort', () => release());
        this.lead();
      });
    locks.request(this.options.name, { signal }, hold).catch(() => undefined);
  }

  stop(): void {
    window.removeEventListener('offline', this.goOffline);
    window.removeEventListener('online', this.comeBack);
    this.end.abort();
    this.close();
    this.channel?.close();
    this.channel = null;
    this.isLeader = false;
    if (this.batchTimer) clearTimeout(this.batchTimer);
  }

  getState = (): LiveState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Pauses what this tab shows; the stream itself goes on for the others. */
  togglePause = (): void => {
    this.isPaused = !this.isPaused;
    if (this.isPaused) {
      this.show({ kind: 'paused' });
      return;
    }
    this.show({ kind: 'connecting' });
    if (this.isLeader)
      this.show(this.source?.readyState === EventSource.OPEN ? { kind: 'live' } : { kind: 'connecting' });
    else this.tell({ kind: 'ask' });
    // What was missed meanwhile is asked of the server again.
    this.options.onMessages([{ type: 'reset', data: null, id: null }]);
  };

  private lead(): void {
    this.isLeader = true;
    this.open();
  }

  private open(): void {
    this.close();
    const url =
      this.lastId === null ? this.options.url : `${this.options.url}&after=${encodeURIComponent(this.lastId)}`;
    const source = new EventSource(url);
    this.source = source;
    source.onopen = () => {
      this.retryMs = retryMsMin;
      this.share({ kind: 'live' });
    };
    source.onerror = () => this.retryLater();
    const take = (event: MessageEvent<string>) => this.take(event);
    source.onmessage = take;
    for (const type of this.options.types) source.addEventListener(type, take);
  }

  /** The browser's own reconnect has no back-off and hides what it does, so we do it ourselves. */
  private retryLater(): void {
    this.close();
    if (!navigator.onLine) {
      this.share({ kind: 'offline' });
      return;
    }
    const waitMs = this.retryMs * (0.75 + Math.random() / 2);
    this.retryMs = Math.min(this.retryMs * 2, retryMsMax);
    this.share({ kind: 'reconnecting', retryAtMs: Date.now() + waitMs });
    this.timer = setTimeout(() => this.open(), waitMs);
  }

  private close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.source?.close();
    this.source = null;
  }

  private take(event: MessageEvent<string>): void {
    if (event.lastEventId !== '') this.lastId = event.lastEventId;
    this.batch.push({ type: event.type, data: parsed(event.data), id: event.lastEventId || null });
    this.batchTimer ??= setTimeout(() => {
      const messages = this.batch;
      this.batch = [];
      this.batchTimer = null;
      this.tell({ kind: 'messages', messages });
      if (!this.isPaused) this.options.onMessages(messages);
    }, batchMs);
  }

  private hear(data: Shared): void {
    if (data.kind === 'ask') {
      if (this.isLeader && this.source?.readyState === EventSource.OPEN)
        this.tell({ kind: 'state', state: { kind: 'live' } });
      return;
    }
    if (this.isPaused) return;
    if (data.kind === 'state') this.show(data.state);
    else this.options.onMessages(data.messages);
  }

  private share(state: LiveState): void {
    this.tell({ kind: 'state', state });
    if (!this.isPaused) this.show(state);
  }

  private tell(data: Shared): void {
    this.channel?.postMessage(data);
  }

  private show(state: LiveState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }

  private readonly goOffline = (): void => {
    if (this.isLeader) this.close();
    this.share({ kind: 'offline' });
  };

  private readonly comeBack = (): void => {
    if (this.isLeader) this.open();
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
