import pg from 'pg';
import { listenConfigSql, listenFeedSql } from './queries/listen-config.js';

/** A book's configuration has this version now, or a later one. */
export type ConfigNotice = { readonly bookId: number; readonly configVersion: bigint };

/** A book's feed reaches to this position now, or further. */
export type FeedNotice = { readonly bookId: number; readonly position: number };

/** Ends the listening and its connection; may be repeated. */
export type ConfigListener = { close(): Promise<void> };

export type ListenOptions = {
  readonly applicationName?: string;
  /** Called for every feed that grew, over the same connection. */
  readonly onFeed?: (notice: FeedNotice) => void;
  /** Told why a connection broke or could not be made; the next one is tried by itself. */
  readonly onError?: (error: Error) => void;
};

const connectTimeoutMs = 5_000;
const retryDelayMsMin = 100;
const retryDelayMsMax = 5_000;

/**
 * Calls `onNotice` for every configuration change, and `onFeed` for every feed that grew, over a connection of its own
 * that is made anew whenever it breaks. Resolves once the first connection listens or has failed. Notices are lost while
 * there is none, and with a pooler that forbids LISTEN there are none at all: whoever listens polls too.
 */
export async function listenForConfig(
  url: string,
  onNotice: (notice: ConfigNotice) => void,
  options: ListenOptions = {},
): Promise<ConfigListener> {
  const { applicationName = 'tollbook-config', onFeed, onError = () => undefined } = options;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retryDelayMs = retryDelayMsMin;
  let isClosed = false;

  const retry = (error: Error) => {
    client = undefined;
    if (isClosed) return;
    onError(error);
    timer = setTimeout(() => void connect(), retryDelayMs).unref();
    retryDelayMs = Math.min(retryDelayMs * 2, retryDelayMsMax);
  };
  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    client = fresh;
    // A connection may both fail and end, and ends once more when it is thrown away: only the first counts.
    const fail = (error: Error) => {
      if (client !== fresh) return;
      retry(error);
      void fresh.end().catch(() => undefined);
    };
    fresh.on('error', fail);
    fresh.on('end', () => fail(new Error('the connection that listens for configuration ended')));
    fresh.on('notification', ({ channel, payload }) => {
      const notice = readNotice(payload);
      if (!notice || isClosed) return;
      const { bookId, number } = notice;
      if (channel === 'tollbook_feed') onFeed?.({ bookId, position: Number(number) });
      else onNotice({ bookId, configVersion: number });
    });
    try {
      await fresh.connect();
      await fresh.query(listenConfigSql);
      if (onFeed) await fresh.query(listenFeedSql);
      retryDelayMs = retryDelayMsMin;
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };

  await connect();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}

/** Null for a payload that is not ours: anybody with a login may send one. */
function readNotice(payload: string | undefined): { readonly bookId: number; readonly number: bigint } | null {
  const match = /^([0-9]{1,9}):([0-9]{1,18})$/.exec(payload ?? '');
  return match?.[1] && match[2] ? { bookId: Number(match[1]), number: BigInt(match[2]) } : null;
}
