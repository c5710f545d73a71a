import { describe, expect, it } from 'vitest';
import { csvLine } from './csv-line.js';

describe('csvLine', () => {
  it('quotes what has a comma, a quote or a line break, and nothing else', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', 'h\r\ni', '', null, 3])).toBe('a,"b,c","d""e","f\ng","h\r\ni",,,3\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠A1'])(
    'lets no spreadsheet run %j',
    (cell) => {
      expect(csvLine([cell]).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves numbers of ours as they are', () => {
    expect(csvLine([-1, '0.01'])).toBe('-1,0.01\r\n');
  });
});
