import { expect, it } from 'vitest';
import { TransferWaits } from './transfer-waits.js';

it('gives so many places to one invoice, to one address and in all, and gives them again', () => {
  const waits = new TransferWaits();
  const places = Array.from({ length: 9 }, (_, at) => waits.enter('one', `net ${at}`));
  expect(places.map((place) => place !== null)).toEqual([...Array.from({ length: 8 }, () => true), false]);
  places[0]?.();
  expect(waits.enter('one', 'net 9')).not.toBeNull();
  const fromOneNet = Array.from({ length: 17 }, (_, at) => waits.enter(`invoice ${at}`, 'busy'));
  expect(fromOneNet.filter((place) => place !== null)).toHaveLength(16);
  const rest = Array.from({ length: 200 }, (_, at) => waits.enter(`other ${at}`, `other ${at}`));
  expect(rest.filter((place) => place !== null)).toHaveLength(128 - 8 - 16);
  expect(waits.size).toBe(128);
  for (const leave of [...places.slice(1), ...fromOneNet, ...rest]) leave?.();
  expect(waits.size).toBe(1);
});
