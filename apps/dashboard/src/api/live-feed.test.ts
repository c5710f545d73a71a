// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveFeed, type LiveMessage } from './live-feed.js';

/** A stream that the test speaks for. */
class ScriptedSource extends EventTarget {
  static readonly OPEN = 1;
  static all: ScriptedSource[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage = null;

  constructor(readonly url: string) {
    super();
    ScriptedSource.all.push(this);
  }

  open() {
    this.readyState = ScriptedSource.OPEN;
    this.onopen?.();
  }

  say(type: string, id: string, data: string) {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
  }

  close() {
    this.readyState = 2;
  }
}

const last = () => ScriptedSource.all.at(-1) as ScriptedSource;

describe('LiveFeed', () => {
  let feed: LiveFeed;
  let heard: LiveMessage[][];

  beforeEach(() => {
    vi.useFakeTimers();
    ScriptedSource.all = [];
    heard = [];
    vi.stubGlobal('EventSource', ScriptedSource);
    feed = new LiveFeed({
      url: '/v1/live?book=demo',
      name: 'test-feed',
      types: ['payment_intent.final', 'reset'],
      onMessages: (messages) => heard.push([...messages]),
    });
    feed.start();
  });

  afterEach(() => {
    feed.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('hands on what is said in batches of a quarter of a second', () => {
    last().open();
    expect(feed.getState()).toEqual({ kind: 'live' });
    last().say('payment_intent.final', '7', '{"a":1}');
    last().say('payment_intent.final', '8', '{"a":2}');
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([
      [
        { type: 'payment_intent.final', data: { a: 1 }, id: '7' },
        { type: 'payment_intent.final', data: { a: 2 }, id: '8' },
      ],
    ]);
  });

  it('comes back by itself, with the last id, and waits longer each time', () => {
    last().open();
    last().say('payment_intent.final', '7', '{}');
    last().onerror?.();
    expect(feed.getState().kind).toBe('reconnecting');
    vi.advanceTimersByTime(1_300);
    expect(last().url).toBe('/v1/live?book=demo&after=7');
    last().onerror?.();
    vi.advanceTimersByTime(1_300);
    expect(ScriptedSource.all).toHaveLength(2);
    vi.advanceTimersByTime(1_300);
    expect(ScriptedSource.all).toHaveLength(3);
  });

  it('shows nothing while it is paused, and asks for all again afterwards', () => {
    last().open();
    feed.togglePause();
    expect(feed.getState()).toEqual({ kind: 'paused' });
    last().say('payment_intent.final', '9', '{}');
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([]);
    feed.togglePause();
    expect(feed.getState()).toEqual({ kind: 'live' });
    expect(heard).toEqual([[{ type: 'reset', data: null, id: null }]]);
  });

  it('is not confused by data that it cannot read', () => {
    last().open();
    last().say('reset', '', 'not json');
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([[{ type: 'reset', data: null, id: null }]]);
  });
});
