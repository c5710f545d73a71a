import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT_ROOT } from './checkout-root.js';
import { loadConfig } from './load-config.js';
import { variables } from './variables.js';

const lines = readFileSync(join(CHECKOUT_ROOT, '.env.example'), 'utf8').split('\n');
const assignments = lines.flatMap((line, index) => {
  const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
  return match === null ? [] : [{ name: match[1] ?? '', value: match[2] ?? '', before: lines[index - 1] ?? '' }];
});

it('lists every variable that is read, and no other', () => {
  expect(assignments.map(({ name }) => name).sort()).toEqual([...variables.keyof().options].sort());
});

it('explains every variable', () => {
  expect(assignments.filter(({ before }) => !before.startsWith('# '))).toEqual([]);
});

it('holds nothing but comments, blank lines and variables', () => {
  expect(lines.filter((line) => line !== '' && !line.startsWith('#') && !/^[A-Z][A-Z0-9_]*=/.test(line))).toEqual([]);
});

it('changes nothing when it is copied as it stands', () => {
  const env = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
  expect(loadConfig(env, 1000)).toEqual(loadConfig({}, 1000));
});
