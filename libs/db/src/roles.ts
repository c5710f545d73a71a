import type { ClientBase } from 'pg';
import { describeRolesSql } from './statements/describe-roles.js';

/** Roles that processes take at connect. What each may do stands in the migration `grant_roles`. */
export const databaseRoles = ['tollbook_app', 'tollbook_worker', 'tollbook_reader'] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/** The migrating login may not make or take the roles; carries the SQL that an administrator runs once, by hand. */
export class RolesNotGranted extends Error {
  override readonly name = 'RolesNotGranted';
  readonly sql: string;

  constructor(sql: string, options: ErrorOptions) {
    super(`the database login may not make the roles it needs; an administrator has to run:\n${sql}`, options);
    this.sql = sql;
  }
}

type RoleState = {
  readonly role: DatabaseRole;
  readonly role_exists: boolean;
  readonly is_granted: boolean;
  /** The login quoted as an identifier. */
  readonly login: string;
  readonly server_version: number;
};

/** Databases of one cluster share its roles, so two migrations may make the same one at once. */
const raceCodes = new Set(['42710', '23505', 'XX000']);
const insufficientPrivilege = '42501';
const triesMax = 10;

/**
 * Makes the roles that are missing and grants them to the connected login, with inheritance: as a member of
 * tollbook_worker the owner passes its policies. Throws `RolesNotGranted` when the login may not.
 */
export async function ensureRoles(client: ClientBase): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const statements = missingStatements(await describe(client));
    if (statements.length === 0) return;
    try {
      for (const statement of statements) await client.query(statement);
      if (missingStatements(await describe(client)).length === 0) return;
      throw new RolesNotGranted(statements.join('\n'), {});
    } catch (error) {
      const code = codeOf(error);
      if (code === insufficientPrivilege) throw new RolesNotGranted(statements.join('\n'), { cause: error });
      if (!raceCodes.has(code) || tries === triesMax) throw error;
    }
  }
}

async function describe(client: ClientBase): Promise<RoleState[]> {
  const { rows } = await client.query<RoleState>(describeRolesSql, [databaseRoles]);
  return rows;
}

function missingStatements(states: readonly RoleState[]): string[] {
  return states.flatMap((state) => [
    ...(state.role_exists ? [] : [`create role ${state.role} nologin;`]),
    ...(state.is_granted ? [] : [grantStatement(state)]),
  ]);
}

/** From 16 on, whoever makes a role is granted it without the right to use it; before, the clause is a syntax error. */
function grantStatement({ role, login, server_version }: RoleState): string {
  const clause = server_version >= 160_000 ? ' with inherit true, set true' : '';
  return `grant ${role} to ${login}${clause};`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
