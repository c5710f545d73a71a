import { describe, expect, it } from 'vitest';
import { keyReader, type PressedKey } from './key-commands.js';

const press = (key: string, more: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isTaken: false,
  ...more,
});

const open = (areOn = true) => keyReader({ pageKeys: ['o', 'p'], rangeKeys: ['w'], areSingleKeysOn: () => areOn });

describe('keyReader', () => {
  it('opens a page by g and its letter, soon after one another', () => {
    const read = open();
    expect(read(press('g'), 0)).toBeNull();
    expect(read(press('p'), 1_000)).toEqual({ kind: 'page', key: 'p' });
    expect(read(press('p'), 1_100)).toBeNull();
    read(press('g'), 2_000);
    expect(read(press('p'), 3_501)).toBeNull();
  });

  it('takes no other letter after g, and begins anew', () => {
    const read = open();
    read(press('g'), 0);
    expect(read(press('w'), 10)).toBeNull();
    expect(read(press('w'), 20)).toEqual({ kind: 'range', key: 'w' });
  });

  it.each([
    ['/', 'filter'],
    ['?', 'list'],
    ['[', 'rail'],
  ])('reads %s', (key, kind) => {
    expect(open()(press(key), 0)).toEqual({ kind });
  });

  it('moves down and up a list', () => {
    expect(open()(press('j'), 0)).toEqual({ kind: 'row', by: 1 });
    expect(open()(press('k'), 0)).toEqual({ kind: 'row', by: -1 });
  });

  it('leaves letters alone while somebody types, and with a modifier', () => {
    const read = open();
    for (const more of [{ isTaken: true }, { ctrlKey: true }, { altKey: true }]) {
      expect(read(press('g', more), 0)).toBeNull();
      expect(read(press('p'), 1)).toBeNull();
      expect(read(press('/', more), 2)).toBeNull();
    }
  });

  it('opens the palette also while somebody types, and where single keys are off', () => {
    const read = open(false);
    expect(read(press('/'), 0)).toBeNull();
    expect(read(press('k', { ctrlKey: true, isTaken: true }), 0)).toEqual({ kind: 'palette' });
    expect(read(press('K', { metaKey: true }), 0)).toEqual({ kind: 'palette' });
    expect(read(press('k', { ctrlKey: true, altKey: true }), 0)).toBeNull();
  });
});
