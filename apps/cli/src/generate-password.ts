import { randomBytes } from 'node:crypto';

const passwordBytes = 15;

/** A password of 120 random bits, in letters and digits that are typed and read without mistakes. */
export function generatePassword(): string {
  const bits = [...randomBytes(passwordBytes)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g) ?? [];
  const text = letters.map((group) => alphabet[Number.parseInt(group, 2)]).join('');
  return (text.match(/.{6}/g) ?? []).join('-');
}

/** Crockford's base32: no i, l, o or u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
