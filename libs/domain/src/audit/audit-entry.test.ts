import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AuditEntryForHash, auditHash } from './audit-entry.js';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const previous = new Uint8Array(32);
const entry: AuditEntryForHash = {
  auditSeq: 1n,
  atUnixMs: 1_790_000_000_000,
  mode: 'test',
  actorKind: 'user',
  actorId: 'u1',
  actorName: 'Ada',
  action: 'price.changed',
  targetKind: 'endpoint',
  targetId: 'ep_1',
  before: { amount: '0.01', networks: ['a', 'b'] },
  after: { amount: '0.02', networks: ['a', 'b'] },
  reason: 'dearer',
  requestId: 'req_1',
  address: '127.0.0.1',
};
const hash = (changed: Partial<AuditEntryForHash> = {}) =>
  Buffer.from(auditHash(previous, { ...entry, ...changed }, sha256)).toString('hex');

describe('auditHash', () => {
  it('does not depend on the order in which an object keeps its keys', () => {
    expect(hash({ before: { networks: ['a', 'b'], amount: '0.01' } })).toBe(hash());
  });

  it.each(Object.keys(entry) as (keyof AuditEntryForHash)[])('covers %s', (field) => {
    const other = typeof entry[field] === 'bigint' ? 2n : typeof entry[field] === 'number' ? 1 : 'another';
    expect(hash({ [field]: other })).not.toBe(hash());
  });

  it('covers the entry before, and the order of a list', () => {
    const later = Buffer.from(auditHash(new Uint8Array(32).fill(1), entry, sha256)).toString('hex');
    expect(later).not.toBe(hash());
    expect(hash({ after: { amount: '0.02', networks: ['b', 'a'] } })).not.toBe(hash());
  });
});
