import type { AuditContext, FacilitatorDraft } from '@tollbook/usecases';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PaymentRows } from '../../test/payment-rows.js';
import { priceSetup, type StoreTest, setUpBook, startStoreTest, type TestBook } from '../../test/store-test.js';
import { createFacilitatorStore } from './facilitator-store.js';
import { createGateConfigStore } from './gate-config-store.js';

const by: AuditContext = {
  actor: { kind: 'api_key', id: 'key_1', name: 'test' },
  requestId: 'req_1',
  address: '127.0.0.1',
};
const remote: FacilitatorDraft = {
  kind: 'remote',
  name: 'Coinbase',
  url: 'https://facilitator.example',
  auth: 'cdp',
  credentialsSealed: new TextEncoder().encode('sealed'),
  position: 2,
  verifiesFirst: true,
  trustsRefusals: false,
  allowsPlainHttp: false,
};
const builtIn: FacilitatorDraft = {
  ...remote,
  kind: 'built_in',
  name: 'Our own',
  url: null,
  auth: 'none',
  credentialsSealed: null,
  position: 1,
  verifiesFirst: false,
};
const idOf = (place: number) => `01930000-0000-7000-8000-00000000000${place}`;

let test: StoreTest;
let book: TestBook;
let other: TestBook;

beforeAll(async () => {
  test = await startStoreTest();
  book = await setUpBook(test.setup, 'shop', 0x11);
  other = await setUpBook(test.setup, 'other', 0x12);
});
afterAll(() => test?.close());

const changeOf = (place: number) => ({ bookId: book.bookId, facilitatorId: idOf(place), reason: 'why', by });

async function atTheGate() {
  const config = createGateConfigStore({ pool: test.app, catalog: test.catalog });
  const found = (await config.versions()).books.find((each) => each.bookId === book.bookId);
  return config.loadBook(found ?? expect.fail());
}

describe('facilitators of a book', () => {
  it('are added, changed and removed, told to the gate, and written into the audit log without credentials', async () => {
    const store = createFacilitatorStore(test.app);
    const before = await atTheGate();
    expect(before.facilitators).toEqual([]);
    expect(await store.add(changeOf(1), remote)).toMatchObject({ name: 'Coinbase', isEnabled: true });
    expect(await store.add(changeOf(2), builtIn)).toMatchObject({ kind: 'built_in' });
    expect(await store.add(changeOf(2), builtIn)).toMatchObject({ kind: 'built_in' });
    expect(await store.add(changeOf(3), builtIn)).toBeNull();
    expect((await store.list(book.bookId)).map(({ name }) => name)).toEqual(['Our own', 'Coinbase']);
    expect(await store.list(other.bookId)).toEqual([]);
    const loaded = await atTheGate();
    expect(loaded.configVersion).toBeGreaterThan(before.configVersion);
    expect(loaded.facilitators).toMatchObject([
      { facilitatorId: idOf(2), url: null, isEnabled: true },
      {
        facilitatorId: idOf(1),
        auth: 'cdp',
        credentialsSealed: new TextEncoder().encode('sealed'),
        verifiesFirst: true,
      },
    ]);
    const changes = { position: 0, credentialsSealed: new TextEncoder().encode('anew') };
    expect(await store.change(changeOf(1), changes)).toMatchObject({ position: 0, verifiesFirst: true });
    expect(await store.change(changeOf(1), { position: 0 })).toMatchObject({ position: 0 });
    expect(await store.remove(changeOf(2))).toMatchObject({ name: 'Our own' });
    expect(await store.remove(changeOf(2))).toBeNull();
    expect(await store.change(changeOf(9), changes)).toBeNull();
    expect((await atTheGate()).facilitators).toMatchObject([
      { facilitatorId: idOf(1), credentialsSealed: new TextEncoder().encode('anew') },
      { facilitatorId: idOf(2), isEnabled: false, isArchived: true },
    ]);
    const { rows } = await test.owner.query(
      "select action, after from audit_log where action like 'facilitator.%' order by audit_seq",
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'facilitator.added',
      'facilitator.added',
      'facilitator.changed',
      'facilitator.removed',
    ]);
    expect(JSON.stringify(rows)).not.toContain('sealed');
    expect(await store.add(changeOf(4), builtIn)).toMatchObject({ kind: 'built_in' });
  });

  it('have no scorecard before they were sent anything', async () => {
    expect(await createFacilitatorStore(test.app).scorecards(book.bookId, 7)).toEqual([]);
  });

  it('are told by their scorecard to have lied where they refused and the money came, and were never in doubt then', async () => {
    const { bookId } = other;
    const store = createFacilitatorStore(test.app);
    await test.setup.addPriceVersion(priceSetup(other));
    await store.add({ ...changeOf(7), bookId }, { ...remote, trustsRefusals: true });
    const rows = await PaymentRows.of(test, other);
    const refused = async () => {
      const intentId = await rows.intent();
      const { attemptId } = await rows.attempt(intentId, { facilitator_id: idOf(7) });
      await rows.moveAttempt(attemptId, 'submitting');
      await test.owner.query(
        `update attempts set status = 'failed', reason = 'verification_refused', raw_reason = 'refused: no',
           evidence = '{"refusedBy": "x"}' where attempt_id = $1`,
        [attemptId],
      );
      return intentId;
    };
    await refused();
    const cards = { sent: 1, everUnknown: 0, saidNoButCame: 0 };
    expect(await store.scorecards(bookId, 7)).toMatchObject([cards]);
    await rows.allocation(await rows.transfer(5n), await refused(), { bucket: 'late' });
    expect(await store.scorecards(bookId, 7)).toMatchObject([{ ...cards, sent: 2, saidNoButCame: 1 }]);
  });
});
