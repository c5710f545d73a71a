const charsMax = 160;

/**
 * Text that somebody else sent, fit to be kept and shown: without characters that steer a terminal, turn the order of
 * what is read around or break a database's JSON, and cut to a length that a person reads.
 */
export function foreignText(text: string): string {
  const plain = text.slice(0, charsMax).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
  return text.length > charsMax ? `${plain}…` : plain;
}
