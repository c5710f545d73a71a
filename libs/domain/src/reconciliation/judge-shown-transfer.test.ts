import { describe, expect, it } from 'vitest';
import { judgeShownTransfer, type ShownClaim, type ShownTransfer } from './judge-shown-transfer.js';

const network = 'eip155:84532';
const ann = '0xa1';

function transferOf(changes: Partial<ShownTransfer> = {}): ShownTransfer {
  return {
    network,
    blockNumber: 100n,
    blockTimeUnixSeconds: 1_000,
    assetId: 1,
    from: ann,
    fromWalletId: null,
    toWalletId: 'till',
    amountAtomic: 10_000n,
    takenBy: null,
    ...changes,
  };
}

function claimOf(changes: Partial<ShownClaim> = {}): ShownClaim {
  return {
    terms: [{ network, assetId: 1, walletId: 'till', missingAtomic: 10_000n }],
    issuedAtUnixSeconds: 990,
    expiresAtUnixSeconds: 1_290,
    provenBy: { network, address: ann },
    reserved: null,
    ...changes,
  };
}

const verdictOf = (transfer: Partial<ShownTransfer>, claim: Partial<ShownClaim> = {}) =>
  judgeShownTransfer([transferOf(transfer)], claimOf(claim)).kind;

const reserved = { amountAtomic: 9_998n, afterBlock: 99n, isPriceOnOffer: false };

describe('a shown transfer', () => {
  it('is taken where its sender proved it, of the price or more', () => {
    expect(verdictOf({})).toBe('acceptable');
    expect(verdictOf({ amountAtomic: 20_000n })).toBe('acceptable');
  });

  it('is taken without proof where its amount was promised to the invoice before its block', () => {
    const promised = {
      provenBy: null,
      reserved,
      terms: [{ network, assetId: 1, walletId: 'till', missingAtomic: 9_998n }],
    };
    expect(verdictOf({ amountAtomic: 9_998n }, promised)).toBe('acceptable');
    expect(verdictOf({ amountAtomic: 9_998n, blockNumber: 99n }, promised)).toBe('unbound');
    expect(verdictOf({ amountAtomic: 9_999n }, promised)).toBe('unbound');
    const isSold = { ...promised, reserved: { ...reserved, isPriceOnOffer: true } };
    expect(verdictOf({ amountAtomic: 9_998n }, isSold)).toBe('unbound');
  });

  it('is nobody’s without a binding: a hash is public', () => {
    expect(verdictOf({}, { provenBy: null })).toBe('unbound');
    expect(verdictOf({}, { provenBy: { network, address: '0xb2' } })).toBe('unbound');
    expect(verdictOf({}, { provenBy: { network: 'eip155:8453', address: ann } })).toBe('unbound');
  });

  it('names what differs: recipient, token, our own money, time', () => {
    for (const change of [{ toWalletId: null }, { toWalletId: 'other' }, { fromWalletId: 'till' }, { assetId: 2 }]) {
      expect(verdictOf(change)).toBe('not_acceptable');
    }
    expect(verdictOf({ network: 'eip155:8453' })).toBe('not_acceptable');
    expect(judgeShownTransfer([transferOf({ blockTimeUnixSeconds: 929 })], claimOf())).toEqual({
      kind: 'not_acceptable',
      expected: 'a block between 1970-01-01T00:15:30.000Z and 1970-01-01T00:23:30.000Z',
      received: '1970-01-01T00:15:29.000Z',
    });
  });

  it.each([
    [929, 'not_acceptable'],
    [930, 'acceptable'],
    [1_410, 'acceptable'],
    [1_411, 'not_acceptable'],
  ])('of chain time %i is %s: a minute before the offer to two after it', (blockTimeUnixSeconds, kind) => {
    expect(verdictOf({ blockTimeUnixSeconds })).toBe(kind);
  });

  it('is short by what is missing', () => {
    const verdict = judgeShownTransfer([transferOf({ amountAtomic: 9_000n })], claimOf());
    expect(verdict).toMatchObject({ kind: 'short', missingAtomic: 1_000n });
  });

  it('that paid something else is told so, whoever shows it; one that this invoice has is its own', () => {
    expect(verdictOf({ takenBy: 'another' })).toBe('used_elsewhere');
    expect(verdictOf({ takenBy: 'another' }, { provenBy: null })).toBe('used_elsewhere');
    expect(verdictOf({ takenBy: 'this_invoice' }, { provenBy: null })).toBe('taken_here');
  });

  it('that another was given without proof has bought nothing of whoever proves it', () => {
    expect(verdictOf({ takenBy: 'another_named' })).toBe('booked_elsewhere');
    expect(verdictOf({ takenBy: 'another_named' }, { provenBy: null })).toBe('unbound');
    expect(verdictOf({ takenBy: 'another_named' }, { provenBy: { network, address: '0xb2' } })).toBe('unbound');
  });
});

describe('of several transfers in one transaction', () => {
  it('the one that comes nearest is judged, whatever stands before it', () => {
    const first = transferOf({ takenBy: 'another' });
    const second = transferOf({ blockNumber: 101n });
    expect(judgeShownTransfer([first, second], claimOf())).toEqual({ kind: 'acceptable', transfer: second });
    const short = transferOf({ amountAtomic: 1n });
    expect(judgeShownTransfer([short, first], claimOf()).kind).toBe('short');
    expect(judgeShownTransfer([first, transferOf({ toWalletId: null })], claimOf()).kind).toBe('used_elsewhere');
  });

  it('the first is taken where two are alike', () => {
    const first = transferOf();
    expect(judgeShownTransfer([first, transferOf()], claimOf())).toMatchObject({ transfer: first });
  });

  it('is not seen where there is none', () => {
    expect(judgeShownTransfer([], claimOf()).kind).toBe('unseen');
  });
});
