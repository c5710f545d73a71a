import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from './prepare-data-folder.js';

const root = 0;
const somebody = 1000;
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tollbook-folder-'));
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const modeOf = (folder: string) => (statSync(folder).mode & 0o777).toString(8);

describe('prepareDataFolder', () => {
  it('makes a folder of the owner’s alone for an ordinary account', () => {
    prepareDataFolder(join(parent, 'a', 'b'), somebody);
    expect(modeOf(join(parent, 'a', 'b'))).toBe('700');
  });

  it('makes folders that another account can pass through and not read when started as root', () => {
    const umask = process.umask(0o077);
    prepareDataFolder(join(parent, 'a', 'b'), root);
    process.umask(umask);
    expect([modeOf(join(parent, 'a')), modeOf(join(parent, 'a', 'b'))]).toEqual(['711', '711']);
    expect(modeOf(parent)).toBe('700');
  });

  it('lets the database’s account pass through a folder that root made beforehand', () => {
    chmodSync(parent, 0o700);
    prepareDataFolder(parent, root);
    expect(modeOf(parent)).toBe('711');
  });

  it('says what to do when the folder cannot be made', () => {
    writeFileSync(join(parent, 'file'), '');
    expect(() => prepareDataFolder(join(parent, 'file', 'data'), somebody)).toThrow(/TOLLBOOK_DATA_DIR/);
  });
});
