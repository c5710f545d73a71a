/**
 * A cell that a spreadsheet would take for a formula, and with it for an order to run something; where full-width signs
 * are typed, they count as well.
 */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const needsQuotes = /[",\r\n]/;

/**
 * One line of CSV after RFC 4180, with its end. Null is an empty cell. A cell that begins like a formula gets an
 * apostrophe in front: what buyers and merchants type must stay text in whatever opens the file.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
