import { describe, expect, it } from 'vitest';
import { lineSchema, removalQuerySchema, textSchema } from './text.js';

describe('textSchema', () => {
  it.each(['', 'a\nb\tc', 'Zoë', '\u{1f4b0}', '\ufffd', '\u007f'])('takes %j', (text) => {
    expect(textSchema.parse(text)).toBe(text);
  });

  it.each(['\0', 'a\0b', '\ud83d', '\udcb0\ud83d', 'a\udfff'])('refuses %j', (text) => {
    expect(textSchema.safeParse(text).success).toBe(false);
  });
});

describe('lineSchema', () => {
  it('is one line, with no spaces around it, that may be asked to say something', () => {
    expect(lineSchema.parse(' dearer data\u00a0')).toBe('dearer data');
    for (const text of ['a\nb', 'a\u2028b', '\u007f', 'a\u202eb', 'a\u2066b', 'a\ud800', 'x'.repeat(301)]) {
      expect(lineSchema.safeParse(text).success).toBe(false);
    }
    expect(lineSchema.min(1).safeParse(' \u00a0 ').success).toBe(false);
    expect(removalQuerySchema.parse({})).toEqual({ reason: '' });
  });
});
