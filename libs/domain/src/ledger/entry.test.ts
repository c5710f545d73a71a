import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionFailed } from '../assert.js';
import { hexOf, type Sha256 } from '../hash.js';
import { type EntryDraft, type EntryForHash, entryForHash, entryHash, firstChainHash } from './entry.js';

const sha256: Sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hashOf = (entry: EntryForHash, previous: Uint8Array = firstChainHash) =>
  hexOf(entryHash(previous, entry, sha256));
/** The text whose hash is taken, without the hash before it. */
const textOf = (entry: EntryForHash): string => {
  let text = '';
  entryHash(firstChainHash, entry, (_, part = new Uint8Array()) => {
    text = Buffer.from(part).toString('utf8');
    return part;
  });
  return text;
};

const buildEntry = (changes: Partial<EntryForHash> = {}): EntryForHash => ({
  entrySeq: 1n,
  kind: 'payment_confirmed',
  causeKind: 'allocation',
  causeId: '0195f3a0-0000-7000-8000-00000000000a',
  intentId: '0195f3a0-0000-7000-8000-00000000000b',
  network: 'eip155:84532',
  blockNumber: 100n,
  effectiveAtUnixSeconds: 1_795_000_000,
  localDay: '2026-11-18',
  factsHash: null,
  postings: [{ debitCode: 'assets:wallet:x', creditCode: 'pending:e', assetId: 1, amountAtomic: 10_000n }],
  ...changes,
});

describe('entryHash', () => {
  it('covers the hash before it and one line of text, so that any program can check a chain', () => {
    const expected = createHash('sha256').update(Buffer.alloc(32)).update(textOf(buildEntry()));
    expect(hashOf(buildEntry())).toBe(expected.digest('hex'));
    expect(textOf(buildEntry())).toBe(
      '1|payment_confirmed|allocation|0195f3a0-0000-7000-8000-00000000000a|0195f3a0-0000-7000-8000-00000000000b|' +
        'eip155:84532|100|1795000000|2026-11-18|assets:wallet:x|pending:e|1|10000',
    );
  });

  it.each<[string, Partial<EntryForHash>]>([
    ['its number', { entrySeq: 2n }],
    ['its kind', { kind: 'payment_final' }],
    ['the kind of its cause', { causeKind: 'attempt' }],
    ['its cause', { causeId: '0195f3a0-0000-7000-8000-00000000000c' }],
    ['its intent', { intentId: null }],
    ['its network', { network: null }],
    ['its block', { blockNumber: 101n }],
    ['the lack of a block', { blockNumber: null }],
    ['its time', { effectiveAtUnixSeconds: 1_795_000_001 }],
    ['its accounting day', { localDay: '2026-11-19' }],
    ['its postings', { postings: [] }],
    ['the facts behind it', { factsHash: new Uint8Array(32) }],
  ])('changes with %s', (_, changes) => {
    expect(hashOf(buildEntry(changes))).not.toBe(hashOf(buildEntry()));
  });

  it.each([
    ['debit', { debitCode: 'assets:wallet:y' }],
    ['credit', { creditCode: 'pending:f' }],
    ['asset', { assetId: 2 }],
    ['amount', { amountAtomic: 10_001n }],
  ])('changes with the %s of a posting', (_, changes) => {
    const postings = buildEntry().postings.map((posting) => ({ ...posting, ...changes }));
    expect(hashOf(buildEntry({ postings }))).not.toBe(hashOf(buildEntry()));
  });

  it('changes when debit and credit change places, and when postings do', () => {
    const [first] = buildEntry().postings;
    if (!first) throw new Error('the entry has a posting');
    const swapped = { ...first, debitCode: first.creditCode, creditCode: first.debitCode };
    expect(hashOf(buildEntry({ postings: [swapped] }))).not.toBe(hashOf(buildEntry({ postings: [first] })));
    const pair = buildEntry({ postings: [first, swapped] });
    expect(hashOf(buildEntry({ postings: [swapped, first] }))).not.toBe(hashOf(pair));
  });

  it.each([
    [
      { debitCode: 'a|b', creditCode: 'c' },
      { debitCode: 'a', creditCode: 'b|c' },
    ],
    [
      { debitCode: 'a\\', creditCode: 'b' },
      { debitCode: 'a', creditCode: '\\b' },
    ],
    [
      { debitCode: 'a\\p', creditCode: 'b' },
      { debitCode: 'a|', creditCode: 'b' },
    ],
    [
      { debitCode: 'a\\|', creditCode: 'b' },
      { debitCode: 'a|\\', creditCode: 'b' },
    ],
    [
      { debitCode: 'é', creditCode: 'b' },
      { debitCode: 'e\u0301', creditCode: 'b' },
    ],
  ])('tells %j from %j: a separator in a label forges no field', (left, right) => {
    const [a, b] = [left, right].map((codes) => buildEntry({ postings: [{ ...codes, assetId: 1, amountAtomic: 1n }] }));
    if (!a || !b) throw new Error('both entries are built');
    expect(hashOf(a)).not.toBe(hashOf(b));
  });

  it('gives two different entries two texts, whatever stands in their fields', () => {
    const text = fc.constantFrom('', 'a', '|', '\\', '\\p', '||', 'a|b', '1', '0');
    const small = fc.bigInt(0n, 2n);
    const posting = fc.record({
      debitCode: text,
      creditCode: text,
      assetId: fc.integer({ min: 0, max: 1 }),
      amountAtomic: small,
    });
    const filled = fc.constantFrom('a', '|', '\\', '1');
    const anyEntry: fc.Arbitrary<EntryForHash> = fc.record({
      entrySeq: small,
      kind: text,
      causeKind: text,
      causeId: text,
      intentId: fc.option(filled),
      network: fc.option(filled),
      blockNumber: fc.option(small),
      effectiveAtUnixSeconds: fc.integer({ min: 0, max: 2 }),
      localDay: text,
      factsHash: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })),
      postings: fc.array(posting, { maxLength: 3 }),
    });
    const plain = (entry: EntryForHash) =>
      JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
    fc.assert(
      fc.property(anyEntry, anyEntry, (a, b) => {
        expect(textOf(a) === textOf(b)).toBe(plain(a) === plain(b));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a chain of entries', () => {
  const chainOf = (entries: readonly EntryForHash[]): string[] => {
    let head = firstChainHash;
    return entries.map((entry) => {
      head = entryHash(head, entry, sha256);
      return hexOf(head);
    });
  };
  const entries = Array.from({ length: 12 }, (_, at) =>
    buildEntry({ entrySeq: BigInt(at + 1), causeId: `cause ${at}` }),
  );
  const at = fc.integer({ min: 0, max: entries.length - 1 });

  it('breaks from the changed entry on, and nowhere before', () => {
    fc.assert(
      fc.property(at, (index) => {
        const changed = entries.map((entry, place) => (place === index ? { ...entry, localDay: '1970-01-01' } : entry));
        const [before, after] = [chainOf(entries), chainOf(changed)];
        for (const place of entries.keys()) expect(before[place] === after[place]).toBe(place < index);
      }),
    );
  });

  it('breaks when an entry is removed, repeated or moved', () => {
    fc.assert(
      fc.property(at, at, (index, other) => {
        fc.pre(index !== other);
        const [entry, replaced] = [entries[index], entries[other]];
        if (!entry || !replaced) return;
        const last = chainOf(entries).at(-1);
        const swapped = entries.map((each, place) => (place === index ? replaced : place === other ? entry : each));
        expect(chainOf(entries.filter((_, place) => place !== index)).at(-1)).not.toBe(last);
        expect(chainOf(entries.toSpliced(index, 0, entry)).at(-1)).not.toBe(last);
        expect(chainOf(swapped).at(-1)).not.toBe(last);
      }),
    );
  });

  it('starts at a known hash', () => {
    expect(hexOf(firstChainHash)).toBe('00'.repeat(32));
  });
});

describe('entryForHash', () => {
  const draft: EntryDraft = {
    kind: 'payment_confirmed',
    causeKind: 'allocation',
    causeId: 'c',
    intentId: null,
    network: null,
    blockNumber: null,
    effectiveAtUnixSeconds: 1,
    localDay: '1970-01-01',
    factsHash: null,
    postings: [{ debit: { type: 'opening' }, credit: { type: 'refunds' }, assetId: 1, amountAtomic: 5n }],
  };

  it('keeps every field of a draft and names its accounts by their codes', () => {
    const { postings, ...rest } = draft;
    expect(postings).toHaveLength(1);
    expect(entryForHash(draft, 7n)).toEqual({
      ...rest,
      entrySeq: 7n,
      postings: [{ debitCode: 'equity:opening', creditCode: 'contra_income:refunds', assetId: 1, amountAtomic: 5n }],
    });
  });

  it('never writes an entry that moves no money', () => {
    expect(() => entryForHash({ ...draft, postings: [] }, 1n)).toThrow(AssertionFailed);
  });
});
