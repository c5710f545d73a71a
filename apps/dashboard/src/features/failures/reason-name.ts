import { problems } from '@tollbook/contract';

const titles: Readonly<Record<string, { title: string }>> = problems;

/** A reason's code in plain words: the api's own title for it, or the code read aloud. */
export function reasonName(code: string): string {
  const known = titles[code];
  if (known) return known.title;
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
