import type { Session } from '../session.js';

export type DataKeyRow = {
  readonly key_id: number;
  readonly merchant_id: string | null;
  readonly wrapped_key: Uint8Array;
};

const merchantIds = {
  name: 'select_merchant_ids',
  text: `select m.merchant_id from merchants m order by m.merchant_id`,
};

/** Row-level security shows one merchant's keys beside the instance's. */
const setMerchant = {
  name: 'set_merchant',
  text: `select set_config('tollbook.merchant_id', $1, true)`,
};

const ofMerchant = {
  name: 'select_data_keys',
  text: `select k.key_id, k.merchant_id, k.wrapped_key
    from data_keys k
    where k.merchant_id is not distinct from $1::uuid
    order by k.key_id`,
};

/** There is no unique key to meet on: a merchant gets further data keys when its first is turned. */
const lock = {
  name: 'lock_data_keys',
  text: `select pg_advisory_xact_lock(hashtext('tollbook.data_keys'))`,
};

const insert = {
  name: 'insert_data_key',
  text: `insert into data_keys (merchant_id, wrapped_key) values ($1, $2) returning key_id, merchant_id, wrapped_key`,
};

/** Every merchant's id. */
export async function selectMerchantIds(session: Session): Promise<string[]> {
  const { rows } = await session.run<{ merchant_id: string }>(merchantIds);
  return rows.map((row) => row.merchant_id);
}

/** The data keys of a merchant, or for null of the instance, oldest first; opens the dbTx to that merchant. */
export async function selectDataKeys(session: Session, merchantId: string | null): Promise<DataKeyRow[]> {
  await session.run(setMerchant, [merchantId ?? '']);
  return (await session.run<DataKeyRow>(ofMerchant, [merchantId])).rows;
}

/** Lets one dbTx after the other add a first key. */
export async function lockDataKeys(session: Session): Promise<void> {
  await session.run(lock);
}

/** Adds a data key of the merchant that the dbTx is open to, or of the instance. */
export async function insertDataKey(
  session: Session,
  merchantId: string | null,
  wrappedKey: Uint8Array,
): Promise<DataKeyRow | undefined> {
  return (await session.run<DataKeyRow>(insert, [merchantId, wrappedKey])).rows[0];
}
