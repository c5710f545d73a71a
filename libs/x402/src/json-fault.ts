/** How deep objects and lists of a payment may be nested, and how many keys it may have in all. */
export const jsonDepthMax = 16;
export const jsonKeysMax = 256;

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What is wrong with a JSON text beyond its syntax, in words, or null. `text` must be valid JSON: a parser keeps the
 * last of two equal keys in silence, so what two programs read from one text could differ. Refused: more than 16
 * levels, more than 256 keys, equal keys in one object, keys that reach an object's prototype, and text that no
 * database holds (NUL, half a surrogate pair).
 */
export function jsonFault(text: string): string | null {
  // The keys of each open object; null stands for a list.
  const open: (Set<string> | null)[] = [];
  let keysCount = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      if (open.length > jsonDepthMax) return `more than ${jsonDepthMax} levels of nesting`;
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const token = text.slice(at, end + 1);
      const value = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
      if (value.includes('\0') || /\p{Surrogate}/u.test(value)) return 'text with NUL or half a surrogate pair';
      const keys = open[open.length - 1];
      if (keys && isKey(text, end)) {
        keysCount += 1;
        if (keysCount > jsonKeysMax) return `more than ${jsonKeysMax} keys`;
        if (refusedKeys.has(value)) return 'a key that is not allowed';
        if (keys.has(value)) return 'the same key twice in one object';
        keys.add(value);
      }
      at = end;
    }
  }
  return null;
}

/** The index of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** In valid JSON a string is a key exactly when a colon follows. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}
