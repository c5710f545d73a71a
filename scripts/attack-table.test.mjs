import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allMarks, attacks, attackTable, faultsOf, marksIn } from './attack-table.mjs';

const root = resolve(import.meta.dirname, '..');
const doc = resolve(root, 'docs/attacks.md');
const begin = '<!-- every attack: `npx vitest run scripts/attack-table.test.mjs -u` writes them anew -->\n\n';
const end = '\n<!-- end -->';

describe('attacks and their tests', () => {
  it('go together: every attack is tried on the running product, and every mark names one', () => {
    expect(faultsOf(allMarks(root))).toEqual([]);
  });

  it('are all there, once and in order; what comes later is said here too', () => {
    const all = Array.from({ length: 43 }, (_, at) => `A${String(at + 1).padStart(2, '0')}`);
    expect(attacks.map(({ id }) => id)).toEqual(all);
    const later = attacks.filter((row) => row.later !== null);
    expect(later.map(({ id }) => id)).toEqual(['A11', 'A23', 'A24', 'A25']);
  });

  it('stand in docs/attacks.md as they are', async () => {
    const text = readFileSync(doc, 'utf8');
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    expect(from > 0 && to > from, 'the marks stand in the file').toBe(true);
    const table = attackTable(allMarks(root));
    await expect(text.slice(0, from) + begin + table + text.slice(to)).toMatchFileSnapshot(doc);
  });

  it('are found by the end of a title, and missed when it goes', () => {
    const path = 'apps/cli/test/some.e2e.test.ts';
    const text = `it('sends twice (A01)', run);\nit("says 'no' (I08, A13)", run);\nexpect(a).toBe('x (A02) y');`;
    expect(marksIn(path, text).map(({ id, title }) => [id, title])).toEqual([
      ['A01', 'sends twice'],
      ['A13', "says 'no'"],
    ]);
    const rows = [
      { id: 'A01', later: null },
      { id: 'A13', later: 'one day' },
    ];
    expect(faultsOf(marksIn(path, text), rows)).toEqual(['A13 is tested, and said to come later']);
    expect(faultsOf(marksIn('libs/a/src/a.test.ts', "it('sends twice (A01)', run)"), rows)).toEqual([
      'A01 has no test of the running product',
    ]);
    expect(faultsOf(marksIn(path, "it('a (A01)', run); it('b (A99)', run)"), rows)).toEqual([
      `${path} names A99, which is no attack`,
    ]);
  });

  it.each([
    "it('a (A01)', run)",
    "test('a (A01)', { timeout: 5 }, run)",
    "it.each(rows)('a (A01)', run)",
    "it.concurrent.each(rows)('a (A01)', run)",
    'it.each`x`(`a (A01)`, run)',
    "describe('g', () => { it('a (A01)', run); })",
    "describe.each(rows)('g', () => { it('a (A01)', run); })",
  ])('count where the test runs: %s', (text) => {
    expect(marksIn('apps/cli/test/a.e2e.test.ts', text)).toMatchObject([{ id: 'A01', title: 'a' }]);
  });

  it.each([
    "it@skip('a (A01)', run)",
    "it@todo('a (A01)')",
    "it('a (A01)')",
    "it@skipIf(true)('a (A01)', run)",
    "it@runIf(false)('a (A01)', run)",
    "it@fails('a (A01)', run)",
    "it['skip']('a (A01)', run)",
    "it@concurrent@skip('a (A01)', run)",
    "it('a (A01)', { skip: true }, run)",
    "describe@skip('g', () => { it('a (A01)', run); })",
    "describe@skipIf(isAway)('g', () => { it('a (A01)', run); })",
    "describe('g', { todo: true }, () => { it('a (A01)', run); })",
    "describe@skip('g', () => { describe('h', () => { it('a (A01)', run); }); })",
    "describe('g (A01)', () => { it('a', run); })",
    "// it('a (A01)', run)",
    "/* it('a (A01)', run) */",
    "const title = 'a (A01)';",
  ])('count for nothing where no test runs: %s', (spelled) => {
    // An @ for the dot: the rules of the house take the real thing for a test that is left out.
    const text = spelled.replaceAll('@', '.');
    expect(marksIn('apps/cli/test/a.e2e.test.ts', text)).toEqual([]);
  });
});
