/** What a key asks for. */
export type KeyCommand =
  | { kind: 'palette' }
  | { kind: 'list' }
  | { kind: 'filter' }
  | { kind: 'rail' }
  | { kind: 'row'; by: 1 | -1 }
  | { kind: 'page'; key: string }
  | { kind: 'range'; key: string };

export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** Whether letters are text where they are pressed, or belong to a layer above the page. */
  isTaken: boolean;
}

export interface KeyReaderOptions {
  /** Letters that lead to a page after `g`. */
  pageKeys: readonly string[];
  /** Letters that choose a range by themselves. */
  rangeKeys: readonly string[];
  /** Whether keys without Ctrl or Command do anything. */
  areSingleKeysOn: () => boolean;
}

/** How long `g` waits for the letter of a page. */
const pairMsMax = 1_500;

/** Reads keys one by one: some mean something alone, and `g` waits for one more. */
export function keyReader({ pageKeys, rangeKeys, areSingleKeysOn }: KeyReaderOptions) {
  let pairUntilMs = 0;
  return (pressed: PressedKey, nowMs: number): KeyCommand | null => {
    const { key, ctrlKey, metaKey, altKey, isTaken } = pressed;
    const letter = key.toLowerCase();
    if ((ctrlKey || metaKey) && !altKey && letter === 'k') return { kind: 'palette' };
    const isSecond = nowMs < pairUntilMs;
    pairUntilMs = 0;
    if (ctrlKey || metaKey || altKey || isTaken || !areSingleKeysOn()) return null;
    if (isSecond) return pageKeys.includes(letter) ? { kind: 'page', key: letter } : null;
    if (letter === 'g') {
      pairUntilMs = nowMs + pairMsMax;
      return null;
    }
    if (key === '/') return { kind: 'filter' };
    if (key === '?') return { kind: 'list' };
    if (key === '[') return { kind: 'rail' };
    if (letter === 'j' || letter === 'k') return { kind: 'row', by: letter === 'j' ? 1 : -1 };
    return rangeKeys.includes(letter) ? { kind: 'range', key: letter } : null;
  };
}
