import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacksOnTheChain } from './attacks/on-the-chain.js';
import { attacksThroughFacilitators } from './attacks/through-facilitators.js';
import { openTwoGates, type TwoGates } from './attacks/two-gates.js';
import { attacksWithPayments } from './attacks/with-payments.js';
import { attacksWithRequests } from './attacks/with-requests.js';
import { expectBooksEqualChain, isFinalOnce } from './proofs.js';
import { eventually } from './world.js';

describe('attacks on a shop with two gates', () => {
  let opened: TwoGates;
  const gates = () => opened;

  beforeAll(async () => {
    opened = await openTwoGates();
  });
  afterAll(() => opened?.world.stop());

  attacksWithPayments(gates);
  attacksWithRequests(gates);
  attacksOnTheChain(gates);
  attacksThroughFacilitators(gates);

  it('leave every payment paid once, and books that equal the chain', async () => {
    expect(opened.paid.length).toBeGreaterThan(0);
    for (const invoiceId of opened.paid)
      await eventually('it is final, once', () => isFinalOnce(opened.world, invoiceId));
    await expectBooksEqualChain(opened.world);
  });
});
