const headChars = 6;
const tailChars = 4;

/** First six and last four of an address, a hash or a long id; shorter text stays whole. */
export function shortenHash(text: string): string {
  const body = text.startsWith('0x') ? headChars + 2 : headChars;
  return text.length <= body + tailChars + 1 ? text : `${text.slice(0, body)}…${text.slice(-tailChars)}`;
}
