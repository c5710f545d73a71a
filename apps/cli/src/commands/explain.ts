import {
  createConfigurationStore,
  createGateConfigStore,
  createPaymentQueries,
  createSetupStore,
  createStoredIntentStore,
} from '@tollbook/db';
import { searchKey } from '@tollbook/domain';
import { checksumAddress } from '@tollbook/evm';
import { type ExplainDeps, explain } from '@tollbook/usecases';
import { createSealer, cryptoPort, sealedPlaces, Vault } from '@tollbook/vault';
import { loadExistingMasterKey } from '../load-master-key.js';
import { type OpenDatabase, withDatabase } from '../open-database.js';
import type { Command } from '../parse-command.js';
import type { Terminal } from '../terminal.js';
import { explanationText } from './explanation-text.js';
import { type ExplanationView, toExplanationView } from './explanation-view.js';

/**
 * `tollbook explain`: everything that every book knows of an invoice, a transaction or a wallet, and what to do next.
 * 0 when anything is known, 1 when nothing is.
 */
export async function explainAbout(
  { about, isJson }: Extract<Command, { kind: 'explain' }>,
  terminal: Terminal,
): Promise<number> {
  const views = await withDatabase('tollbook_app', (database) => explainInBooks(database, about));
  if (isJson) terminal.print(JSON.stringify({ about, books: views }, null, 2));
  else if (views.length === 0) terminal.print(`No book knows of ${about}.`);
  for (const view of isJson ? [] : views) for (const line of explanationText(view)) terminal.print(line);
  return views.length > 0 ? 0 : 1;
}

async function explainInBooks({ config, pool, catalog }: OpenDatabase, about: string): Promise<ExplanationView[]> {
  const vault = new Vault(loadExistingMasterKey(config));
  for (const key of await createSetupStore({ pool, catalog }).dataKeys()) vault.addDataKey(key);
  const sealer = createSealer(vault);
  const gateConfig = createGateConfigStore({ pool, catalog });
  const sealKeys = await gateConfig.sealKeys();
  const { books, nowMs } = await gateConfig.versions();
  const formatAddress = (_network: string, address: string) => checksumAddress(address);
  const deps: ExplainDeps = {
    purchase: {
      termsOf: (number) => gateConfig.terms(number),
      crypto: cryptoPort,
      clock: { nowMs: () => nowMs },
      sealKeyOf: (keyId) => {
        const sealed = sealKeys.find((each) => each.keyId === keyId);
        if (!sealed) return undefined;
        const { secretSealed, ...key } = sealed;
        return { ...key, secret: sealer.open(secretSealed, sealedPlaces.sealKeySecret) };
      },
    },
    intents: createStoredIntentStore({ pool, catalog }),
    configuration: createConfigurationStore({ pool, catalog }),
    queries: createPaymentQueries({ pool, catalog }),
    catalog,
    formatAddress,
  };
  const views: ExplanationView[] = [];
  for (const book of books) {
    const found = await explain(deps, book.bookId, searchKey(about));
    const { offer, payments, transfers, refusals } = found;
    if (!offer && payments.length + transfers.length + refusals.length === 0) continue;
    views.push(toExplanationView(found, book, { mode: book.mode, catalog, formatAddress }));
  }
  return views;
}
