import { describe, expect, it } from 'vitest';
import { isJobKind, jobKinds, toStoredJob } from './job.js';

describe('toStoredJob', () => {
  it('names equal jobs alike and different ones apart, without the colon that BullMQ reserves', () => {
    const ids = [
      toStoredJob({ kind: 'scan-chain', network: 'eip155:84532' }),
      toStoredJob({ kind: 'scan-chain', network: 'eip155:84532' }),
      toStoredJob({ kind: 'scan-chain', network: 'eip155:8453' }),
      toStoredJob({ kind: 'reconcile', network: 'eip155:84532' }),
      toStoredJob({ kind: 'relay-outbox' }),
    ].map((job) => job.deduplicationId);
    expect(ids[0]).toBe('scan-chain-eip155-84532');
    expect(new Set(ids).size).toBe(4);
    expect(ids.join()).not.toContain(':');
  });

  it('stores the payload without the kind, which is the name', () => {
    const job = toStoredJob({ kind: 'reconcile', network: 'eip155:84532' });
    expect(job).toMatchObject({ queue: 'chain', name: 'reconcile', data: { network: 'eip155:84532' } });
  });

  it('throws on what is no network', () => {
    expect(() => toStoredJob({ kind: 'scan-chain', network: 'base' })).toThrow();
  });
});

describe('isJobKind', () => {
  it('knows the kinds and nothing that every object has', () => {
    expect(jobKinds.every(isJobKind)).toBe(true);
    expect(['toString', 'constructor', 'scan', ''].some(isJobKind)).toBe(false);
  });
});
