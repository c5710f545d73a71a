import { createTestDatabase } from '@tollbook/postgres-local';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '../test/migrated-database.js';
import { migrate } from './migrate.js';
import { databaseRoles, RolesNotGranted } from './roles.js';

const login = 'test_guest';
let admin: pg.Client;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: testServer().adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
});

describe('roles', () => {
  it('cannot log in, and pass no policy by attribute', async () => {
    const database = await createTestDatabase(testServer());
    await migrate(database.url);
    await database.drop();
    const { rows } = await admin.query(
      `select rolname from pg_roles where rolname = any ($1)
         and not (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
      [databaseRoles],
    );
    expect(rows.map(({ rolname }) => rolname).sort()).toEqual([...databaseRoles].sort());
  });

  it('are asked of an administrator, in SQL that works, where the login may not make them', async () => {
    const database = await createTestDatabase(testServer());
    await admin.query(`create role ${login} login password 'guest'`);
    await admin.query(`alter database ${new URL(database.url).pathname.slice(1)} owner to ${login}`);
    const url = new URL(database.url);
    url.username = login;
    url.password = 'guest';
    try {
      const error = await migrate(url.href).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(RolesNotGranted);
      const { sql, message } = error instanceof RolesNotGranted ? error : { sql: '', message: '' };
      expect(sql).toContain(`grant tollbook_app to ${login}`);
      expect(message).toContain(sql);
      await admin.query(sql);
      expect((await migrate(url.href)).applied.length).toBeGreaterThan(0);
    } finally {
      await database.drop();
      await admin.query(`drop role ${login}`);
    }
  });
});
