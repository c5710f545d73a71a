import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateMasterKey } from './master-key-file.js';
import { VaultError } from './vault-error.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollbook-vault-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('loadOrCreateMasterKey', () => {
  it('creates the folder and a key only its owner can read, and leaves nothing else behind', () => {
    const file = join(folder, 'data', 'master.key');
    const key = loadOrCreateMasterKey(file);
    expect(key.byteLength).toBe(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['master.key']);
  });

  it('reads the same key ever after', () => {
    const file = join(folder, 'master.key');
    expect(loadOrCreateMasterKey(file)).toEqual(loadOrCreateMasterKey(file));
  });

  it('reads a key that an operator wrote as base64', () => {
    const file = join(folder, 'master.key');
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600 });
    expect(loadOrCreateMasterKey(file)).toEqual(key);
  });

  it('closes a file of ours that others could read', () => {
    const file = join(folder, 'master.key');
    const key = loadOrCreateMasterKey(file);
    chmodSync(file, 0o644);
    expect(loadOrCreateMasterKey(file)).toEqual(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'is refused',
      () => {
        throw new Error('EPERM');
      },
    ],
    ['is ignored', () => undefined],
  ])('refuses a file others can read when the change of its mode %s', (_outcome, changeMode) => {
    const file = join(folder, 'master.key');
    loadOrCreateMasterKey(file);
    chmodSync(file, 0o640);
    expect(() => loadOrCreateMasterKey(file, changeMode)).toThrow(
      expect.objectContaining({ code: 'master_key_exposed', message: expect.stringContaining('chmod 600') }),
    );
  });

  it('refuses a garbled file, names it, and keeps it as it is', () => {
    const file = join(folder, 'master.key');
    writeFileSync(file, 'not a key', { mode: 0o600 });
    expect(() => loadOrCreateMasterKey(file)).toThrow(VaultError);
    expect(() => loadOrCreateMasterKey(file)).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe('not a key');
  });
});
