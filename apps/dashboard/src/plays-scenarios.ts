import type { Book } from './api/book-context.js';

/** The shop that the sandbox sets up. */
const demoSlug = 'demo';

/** Whether what may become of a payment can be played in a book: with the play money of the sandbox's own shop. */
export function playsScenarios({ mode, slug }: Pick<Book['book'], 'mode' | 'slug'>): boolean {
  return mode === 'test' && slug === demoSlug;
}
