import { describe, expect, it } from 'vitest';
import { encodeOrder, lastOrder, nothingToReap, type ReaperOrder } from './reaper-order.js';

const order: ReaperOrder = {
  children: [{ pid: 7, startMark: 'boot/12' }],
  others: [{ pid: 8, startMark: null }],
  clusterDir: '/var/lib/tollbook/postgres/cluster',
};

describe('lastOrder', () => {
  it('is the newest whole order of the channel', () => {
    const half = encodeOrder(nothingToReap).slice(0, -5);
    expect(lastOrder(encodeOrder(nothingToReap) + encodeOrder(order) + half)).toEqual(order);
  });

  it('is none while the first order is still on its way', () => {
    expect(lastOrder(encodeOrder(order).slice(0, -1))).toBeNull();
  });
});
