import { notifications, notificationsStore } from '@mantine/notifications';
import { describe, expect, it } from 'vitest';
import { createAppRouter } from './router.js';
import { parseSearch } from './search-params.js';

const router = createAppRouter('test');

/** What a page is given when this stands in its address: all of it, and the part that its schemas let through. */
function read(path: string, search: string) {
  const page = router.matchRoutes(path.replace('$id', 'pi_0'), parseSearch(search)).at(-1);
  if (page?.fullPath !== path) throw new Error(`no page at ${path}`);
  return { search: page.search as Record<string, unknown>, readKeys: Object.keys(page._strictSearch) };
}

describe.each(Object.keys(router.routesByPath))('the address of %s', (path) => {
  it.each(['☠', '2026-13-45', '-1', '[object Object]', ' ', ''])(
    'drops %j wherever it is broken, and says so',
    (junk) => {
      const keys = ['range', 'from', 'to', 'by', 'status', 'flag', 'kind', 'reason'];
      const { search, readKeys } = read(path, `?${keys.map((key) => `${key}=${encodeURIComponent(junk)}`).join('&')}`);
      const brokenKeys = readKeys.filter((key) => keys.includes(key));
      expect(brokenKeys).toEqual(expect.arrayContaining(['range', 'from', 'to']));
      for (const key of brokenKeys) expect(search[key], key).toBeUndefined();
    },
  );

  it('takes a key that is repeated as broken where one value is meant', () => {
    expect(read(path, '?range=7d&range=30d').search.range).toBeUndefined();
  });
});

it('keeps what is not broken, also of several values under one key', () => {
  notifications.clean();
  expect(read('/payments', '?status=foo&status=final&flag=x&q=ab&from=2026-11-01').search).toEqual({
    status: ['final'],
    flag: undefined,
    q: 'ab',
    from: '2026-11-01',
  });
  const { notifications: shown, queue } = notificationsStore.getState();
  expect([...shown, ...queue].map(({ id }) => id)).toEqual(['status=foo', 'flag=x']);
});

it('drops a reason that is none, and says so', () => {
  notifications.clean();
  expect(read('/refusals', '?reason=zzz').search.reason).toBeUndefined();
  expect(read('/refusals', '?reason=amount_mismatch').search.reason).toBe('amount_mismatch');
  const { notifications: shown, queue } = notificationsStore.getState();
  expect([...shown, ...queue].map(({ id }) => id)).toEqual(['reason=zzz']);
});
