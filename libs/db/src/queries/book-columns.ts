/** Everything that `BookRow` holds, of the table called `book`. */
export function bookColumns(book: string): string {
  return ['book_id', 'merchant_id', 'mode', 'gate_slug', 'time_zone', 'config_version']
    .map((column) => `${book}.${column}`)
    .join(', ');
}
