import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useBook } from './book-context.js';
import { LiveFeed, type LiveMessage, type LiveState } from './live-feed.js';
import { liveTypes, refreshAfter } from './live-refresh.js';

type Listener = (messages: readonly LiveMessage[]) => void;

interface Live {
  feed: LiveFeed;
  listen: (listener: Listener) => () => void;
}

const LiveContext = createContext<Live | null>(null);

/** Keeps the stream of the book open while its pages are shown, and the cache in step with it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const listeners = useRef(new Set<Listener>());
  const feed = useMemo(() => {
    const refresh = refreshAfter(queryClient);
    return new LiveFeed({
      url: api.href('/v1/live'),
      name: `tollbook-live-${api.bookSlug}`,
      types: liveTypes,
      onMessages: (messages) => {
        refresh(messages);
        for (const listener of listeners.current) listener(messages);
      },
    });
  }, [api, queryClient]);
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  const value = useMemo(() => {
    const listen = (listener: Listener) => {
      listeners.current.add(listener);
      return () => {
        listeners.current.delete(listener);
      };
    };
    return { feed, listen };
  }, [feed]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('the stream is used outside its provider');
  return live;
}

/** How the stream is, and the one control over it. */
export function useLiveState(): { state: LiveState; togglePause: () => void } {
  const { feed } = useLive();
  const state = useSyncExternalStore(feed.subscribe, feed.getState);
  return { state, togglePause: feed.togglePause };
}

/** Calls back with every batch of messages; the callback need not be stable. */
export function useLiveMessages(onMessages: Listener): void {
  const { listen } = useLive();
  const latest = useRef(onMessages);
  latest.current = onMessages;
  useEffect(() => listen((messages) => latest.current(messages)), [listen]);
}
