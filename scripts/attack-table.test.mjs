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
    expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
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
    expect(faultsOf(marksIn('libs/a/src/a.test.ts', "it('sends twice (A01)')"), rows)).toEqual([
      'A01 has no test of the running product',
    ]);
    expect(faultsOf(marksIn(path, "it('a (A01)'); it('b (A99)')"), rows)).toEqual([
      `${path} names A99, which is no attack`,
    ]);
  });
});
