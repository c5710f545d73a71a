/** How far a book's feed of events reaches. */
export interface FeedStore {
  /** The last position given; 0 in a book that has told nothing yet. */
  head(bookId: number): Promise<number>;
}
