const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const values = new Map([...alphabet].map((character, index) => [character, index]));

const codes = [...alphabet].map((character) => character.charCodeAt(0));

/**
 * Lower-case RFC 4648 base32 without padding. Five bytes are eight characters, so a length that is a multiple of
 * five has exactly one spelling.
 */
export function encodeBase32(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 5);
  let text = '';
  for (let at = 0; at < whole; at += 5) text += encodeFive(bytes, at);
  return text + encodeRest(bytes, whole);
}

/** Encoding runs for every unpaid request, and a text made of its codes costs half of one joined from characters. */
function encodeFive(bytes: Uint8Array, at: number): string {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  const c = bytes[at + 2] ?? 0;
  const d = bytes[at + 3] ?? 0;
  const e = bytes[at + 4] ?? 0;
  return String.fromCharCode(
    codes[a >>> 3] ?? 0,
    codes[((a & 7) << 2) | (b >>> 6)] ?? 0,
    codes[(b >>> 1) & 31] ?? 0,
    codes[((b & 1) << 4) | (c >>> 4)] ?? 0,
    codes[((c & 15) << 1) | (d >>> 7)] ?? 0,
    codes[(d >>> 2) & 31] ?? 0,
    codes[((d & 3) << 3) | (e >>> 5)] ?? 0,
    codes[e & 31] ?? 0,
  );
}

/** The last bytes, fewer than five. */
function encodeRest(bytes: Uint8Array, from: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (let at = from; at < bytes.length; at += 1) {
    held = ((held & 0xff) << 8) | (bytes[at] ?? 0);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >>> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

/** The bytes of a base32 text, or null when a character is foreign or spare bits are not zero. */
export function decodeBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = values.get(character);
    if (value === undefined) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >>> bits) & 0xff;
      at += 1;
    }
  }
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) return null;
  return bytes;
}
