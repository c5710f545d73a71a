import { createGateConfigStore, createPool, databaseRoles, describeDatabase, loadCatalog } from '@tollbook/db';
import type { Catalog } from '@tollbook/usecases';
import { reasonOf } from '../explain-error.js';
import { type Finding, fail, ok, warn } from './finding.js';

const clockSkewMsMax = 5_000;

/** What later checks need of the database; the catalogue is null where it could not be read. */
export type DatabaseCheck = { readonly findings: readonly Finding[]; readonly catalog: Catalog | null };

/** Whether the database answers, may be used in each role, holds our schema, and agrees with us on the time. */
export async function checkDatabase(url: string): Promise<DatabaseCheck> {
  const findings: Finding[] = [];
  for (const role of databaseRoles) {
    const pool = createPool(url, { role, max: 1, applicationName: 'tollbook doctor' });
    try {
      (await pool.connect()).release();
      findings.push(ok('database', `answers; role ${role} may be taken`));
    } catch (error) {
      findings.push(explainConnect(role, error));
      // A server that is away is away for every role.
      if (!isRoleRefused(error)) return { findings, catalog: null };
    } finally {
      await pool.end();
    }
  }
  findings.push(...(await checkVersion(url)));
  const schema = await checkSchema(url);
  return { findings: [...findings, ...schema.findings], catalog: schema.catalog };
}

/** PostgreSQL 15 is the oldest that tests run on. */
const versionMin = 15;

async function checkVersion(url: string): Promise<Finding[]> {
  const { version, pending } = await describeDatabase(url);
  const isOld = Number.parseInt(version, 10) < versionMin;
  const advice = `Use PostgreSQL ${versionMin} or later.`;
  const server = isOld
    ? warn('database', `is PostgreSQL ${version}`, advice)
    : ok('database', `is PostgreSQL ${version}`);
  if (pending.length === 0) return [server, ok('migrations', 'all applied')];
  const start = 'Start Tollbook once: it applies them.';
  return [server, fail('migrations', `not applied yet: ${pending.join(', ')}`, start)];
}

function explainConnect(role: string, error: unknown): Finding {
  return isRoleRefused(error)
    ? fail(
        'database',
        `role ${role}: ${reasonOf(error)}`,
        'Start Tollbook once: it makes its roles, or says what to grant.',
      )
    : fail('database', `does not answer: ${reasonOf(error)}`, 'Start it, or correct DATABASE_URL.');
}

/** invalid_parameter_value, undefined_object or insufficient_privilege: the role is missing or not granted. */
function isRoleRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['22023', '42704', '42501'].includes(String(error.code));
}

async function checkSchema(url: string): Promise<DatabaseCheck> {
  const pool = createPool(url, { role: 'tollbook_app', max: 1, applicationName: 'tollbook doctor' });
  try {
    const catalog = await loadCatalog(pool);
    const { networks, assets } = catalog;
    const schema = ok('schema', `there; ${networks.length} networks and ${assets.length} tokens are known`);
    const askedAtMs = Date.now();
    const { nowMs } = await createGateConfigStore({ pool, catalog }).versions();
    const skewMs = Math.round(nowMs - (askedAtMs + Date.now()) / 2);
    return { findings: [schema, clockFinding(skewMs)], catalog };
  } catch (error) {
    const finding = fail(
      'schema',
      `cannot be read: ${reasonOf(error)}`,
      'Start Tollbook once: it brings the schema up to date.',
    );
    return { findings: [finding], catalog: null };
  } finally {
    await pool.end();
  }
}

function clockFinding(skewMs: number): Finding {
  const text = `database is ${Math.abs(skewMs)} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(skewMs) <= clockSkewMsMax ? ok('clock', text) : warn('clock', text, 'Synchronize both clocks (NTP).');
}
