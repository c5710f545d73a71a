import { expect, it } from 'vitest';
import type { ClientCountRow } from './ports/report-queries.js';
import { clientLines } from './report-clients.js';

const row = (
  client: string,
  kind: ClientCountRow['kind'],
  count: number,
  x402Version: ClientCountRow['x402Version'] = 0,
  reason = '',
): ClientCountRow => ({ client, kind, count, x402Version, reason });

it('tells first which clients never pay, and why', () => {
  const lines = clientLines([
    row('node', 'offered', 90),
    row('node', 'paid', 50, 2),
    row('node', 'paid', 3, 1),
    row('node', 'failed', 2, 1, 'insufficient_funds'),
    row('python', 'offered', 12),
    row('python', 'refused', 4, 1, 'authorization_window'),
    row('python', 'refused', 7, 0, 'payment_malformed'),
    row('crawler', 'offered', 500),
    row('go', 'unknown', 1, 2),
  ]);
  expect(lines.map(({ client, neverPays }) => [client, neverPays])).toEqual([
    ['crawler', true],
    ['python', true],
    ['node', false],
    ['go', false],
  ]);
  expect(lines[1]).toMatchObject({ offered: 12, refused: 11, paid: 0, topReason: 'payment_malformed' });
  expect(lines[1]?.versions).toEqual([
    { x402Version: 0, refused: 7, failed: 0, unknown: 0, paid: 0 },
    { x402Version: 1, refused: 4, failed: 0, unknown: 0, paid: 0 },
  ]);
  expect(lines[2]).toMatchObject({ paid: 53, failed: 2, topReason: 'insufficient_funds' });
  expect(lines[0]).toMatchObject({ topReason: null, versions: [] });
});

it.each([
  [[row('curl', 'offered', 2)], false],
  [[row('curl', 'offered', 3)], true],
  [[row('curl', 'offered', 1), row('curl', 'refused', 2, 2, 'amount_mismatch')], true],
  [[row('curl', 'offered', 90), row('curl', 'paid', 1, 2)], false],
])('says “never” of those that had a few chances: %j', (rows, neverPays) => {
  expect(clientLines(rows)).toMatchObject([{ client: 'curl', neverPays }]);
});

it('has no line where nothing was counted', () => {
  expect(clientLines([])).toEqual([]);
});
