import { describe, expect, it } from 'vitest';
import { booksVerdict, refusalText } from './books-verdict.js';

const network = 'eip155:84532';

describe('booksVerdict', () => {
  it.each([
    ['agrees', true, true, 0, 'The books hold.'],
    ['differs', true, true, 1, 'do NOT hold'],
    ['agrees', false, true, 1, 'do NOT hold'],
    ['incomplete', true, false, 1, 'do NOT hold'],
    ['incomplete', true, true, 1, 'Not everything could be proved'],
  ] as const)('%s, intact %s, consistent %s: exits with %i', (proof, isIntact, isConsistent, exitCode, part) => {
    const verdict = booksVerdict({ proof, isIntact, isConsistent });
    expect(verdict).toEqual({ exitCode, text: expect.stringContaining(part) });
  });
});

const notConfirmed = { kind: 'refused', reason: 'block_not_confirmed', isMined: false, confirmedNumber: 98n } as const;

describe('refusalText', () => {
  it('ends with 2 for a block that is not confirmed yet', () => {
    const ask = () => refusalText({ network: null, blockNumber: 999_999n }, network, notConfirmed);
    expect(ask).toThrow(expect.objectContaining({ name: 'CliError', exitCode: 2 }));
    expect(ask).toThrow('block 999999 was not read yet, so it proves nothing: the confirmed height is 98.');
  });

  it('says since when a wallet is watched', () => {
    const before = { kind: 'refused', reason: 'block_before_wallet', firstNumber: 50n } as const;
    const ask = () => refusalText({ network, blockNumber: 7n }, network, before);
    expect(ask).toThrow('block 7 lies before the wallets were watched: nothing is known before block 50.');
  });

  it('ends with 2 for a network that was asked for and is not read', () => {
    const ask = () =>
      refusalText({ network, blockNumber: null }, network, { kind: 'refused', reason: 'network_unknown' });
    expect(ask).toThrow(expect.objectContaining({ name: 'CliError', exitCode: 2 }));
  });

  it('only tells of a network that nobody asked for', () => {
    expect(
      refusalText({ network: null, blockNumber: null }, network, { kind: 'refused', reason: 'network_unknown' }),
    ).toContain('not read yet');
  });
});
