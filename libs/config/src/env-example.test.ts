import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CHECKOUT_ROOT } from './checkout-root.js';
import { loadConfig } from './load-config.js';
import { variables } from './variables.js';

const lines = readFileSync(join(CHECKOUT_ROOT, '.env.example'), 'utf8').split('\n');
const assignments = lines.flatMap((line, index) => {
  const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
  return match === null ? [] : [{ name: match[1] ?? '', value: match[2] ?? '', before: lines[index - 1] ?? '' }];
});

const composeText = readFileSync(join(CHECKOUT_ROOT, 'docker-compose.yml'), 'utf8');
const usedByCompose = [...new Set([...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? ''))];
const read: readonly string[] = variables.keyof().options;
const readByComposeAlone = usedByCompose.filter((name) => !read.includes(name));

it('lists every variable that is read, by Tollbook or by docker-compose.yml, and no other', () => {
  expect(assignments.map(({ name }) => name).sort()).toEqual([...read, ...readByComposeAlone].sort());
});

describe('docker-compose.yml', () => {
  const services = z.record(
    z.string(),
    z.object({ image: z.string(), environment: z.record(z.string(), z.string()).optional() }),
  );
  const compose = z.object({ services }).parse(parse(composeText, { merge: true }));
  const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'tollbook');

  it('gives Tollbook only variables that it reads', () => {
    expect(ours.map(([name]) => name).sort()).toEqual(['api', 'migrate', 'worker']);
    const given = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(given.filter((name) => !read.includes(name))).toEqual([]);
  });

  it('passes on every setting of a scaled deployment that an operator may want to change', () => {
    const told = new Set(usedByCompose);
    // What it decides itself, what belongs to one machine, and what no deployment sets.
    const decided = ['DATABASE_URL', 'REDIS_URL', 'TOLLBOOK_SANDBOX', 'TOLLBOOK_DATA_DIR', 'TOLLBOOK_ANVIL_PATH'];
    const left = read.filter((name) => !told.has(name) && !decided.includes(name) && name !== 'TOLLBOOK_FAILPOINT');
    expect(left).toEqual([]);
  });
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
