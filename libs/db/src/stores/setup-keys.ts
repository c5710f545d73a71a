import { assert, encodeId } from '@tollbook/domain';
import type { AuditContext, DataKeyRecord, SetupStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { changeConfiguration } from '../change-configuration.js';
import { fromDbBytes, fromDbHex, toDbHex } from '../mapping/column.mapping.js';
import type { NetworkIds } from '../network-ids.js';
import { newId } from '../new-id.js';
import { beginSetup } from '../queries/begin-setup.js';
import { findApiKey, insertApiKey } from '../queries/save-api-key.js';
import {
  type DataKeyRow,
  insertDataKey,
  lockDataKeys,
  selectDataKeys,
  selectMerchantIds,
} from '../queries/save-data-keys.js';
import { insertGasSigner, selectGasSigners } from '../queries/save-gas-signer.js';
import { insertSealKey, lockSealKeys } from '../queries/save-seal-key.js';
import { inTransaction, type Session, withSession } from '../session.js';

type KeyMethods =
  | 'dataKeys'
  | 'ensureDataKey'
  | 'ensureSealKey'
  | 'ensureGasSigner'
  | 'gasSigners'
  | 'addApiKey'
  | 'findApiKey';

/** The part of the setup store that keeps keys: none of them changes what the gate's snapshot of a book holds. */
export function setupKeys(pool: Pool, networks: NetworkIds, by: AuditContext): Pick<SetupStore, KeyMethods> {
  return {
    dataKeys: () => inTransaction(pool, beginSetup, readDataKeys),
    ensureDataKey: (merchantId, wrappedKey) =>
      inTransaction(pool, beginSetup, (session) => ensureDataKey(session, merchantId, wrappedKey)),
    ensureSealKey: ({ secretSealed, sealFromMs, sealUntilMs, sealUntilMinMs }) =>
      inTransaction(pool, beginSetup, async (session) => {
        await lockSealKeys(session);
        const [from, until, untilMin] = [new Date(sealFromMs), new Date(sealUntilMs), new Date(sealUntilMinMs)];
        await insertSealKey(session, { secretSealed, from, until, untilMin });
      }),
    ensureGasSigner: ({ network, address, keySealed, nextNonce }) =>
      withSession(pool, (session) =>
        insertGasSigner(session, {
          networkId: networks.idOf(network),
          address: toDbHex(address),
          keySealed,
          nextNonce,
        }),
      ),
    gasSigners: async () => {
      const rows = await withSession(pool, selectGasSigners);
      return rows.map((row) => ({
        gasSignerId: row.gas_signer_id,
        network: networks.nameOf(row.network_id),
        address: fromDbHex(row.address),
        keySealed: fromDbBytes(row.key_sealed),
      }));
    },
    addApiKey: (key) => {
      const apiKeyId = newId();
      const audit = {
        action: 'key.created',
        targetKind: 'api_key',
        targetId: encodeId('apiKey', apiKeyId),
        before: null,
        after: { name: key.name, scopes: [...key.scopes], expiresAt: null },
        reason: '',
      };
      const insert = async (session: Session) => {
        await insertApiKey(session, { ...key, apiKeyId });
        return { result: apiKeyId, isChanged: false, audit: [audit] };
      };
      return changeConfiguration(pool, key.bookId, insert, by);
    },
    findApiKey: async (lookup) => {
      const row = await withSession(pool, (session) => findApiKey(session, lookup));
      if (row === null) return null;
      return {
        apiKeyId: row.api_key_id,
        bookId: row.book_id,
        name: row.name,
        keyHash: fromDbBytes(row.key_hash),
        scopes: [...row.scopes],
        isUsable: row.is_usable,
      };
    },
  };
}

/** Merchant by merchant: row-level security never shows two merchants' keys at once. */
async function readDataKeys(session: Session): Promise<DataKeyRecord[]> {
  const rows = await selectDataKeys(session, null);
  for (const merchantId of await selectMerchantIds(session)) rows.push(...(await selectDataKeys(session, merchantId)));
  return rows.map(fromDbDataKey);
}

async function ensureDataKey(
  session: Session,
  merchantId: string | null,
  wrappedKey: Uint8Array,
): Promise<DataKeyRecord> {
  await lockDataKeys(session);
  const [first] = await selectDataKeys(session, merchantId);
  const row = first ?? (await insertDataKey(session, merchantId, wrappedKey));
  assert(row !== undefined, 'a data key that was missing is there now');
  return fromDbDataKey(row);
}

function fromDbDataKey(row: DataKeyRow): DataKeyRecord {
  return { keyId: row.key_id, merchantId: row.merchant_id, wrappedKey: fromDbBytes(row.wrapped_key) };
}
