import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { queryOnce } from './scratch-folder.js';
import { createTestDatabase } from './test-database.js';

describe('createTestDatabase', { timeout: 30_000 }, () => {
  const server = { url: inject('postgresUrl'), adminUrl: inject('postgresAdminUrl') };

  it('gives each caller a database of its own that the ordinary login owns', async () => {
    const [one, other] = await Promise.all([createTestDatabase(server), createTestDatabase(server)]);
    await queryOnce(one.url, 'create table notes (body text)');
    const rows = await queryOnce(
      other.url,
      `select current_user as login, to_regclass('notes') as notes,
         (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner`,
    );
    expect(rows).toEqual([{ login: 'tollbook', notes: null, owner: 'tollbook' }]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('copies a template, for several callers at once', async () => {
    const template = await createTestDatabase(server);
    await queryOnce(template.url, 'create table notes as select 7 as body');
    const name = new URL(template.url).pathname.slice(1);
    const copies = await Promise.all([1, 2, 3].map(() => createTestDatabase(server, name)));
    for (const copy of copies) {
      expect(await queryOnce(copy.url, 'update notes set body = body + 1 returning body')).toEqual([{ body: 8 }]);
      await copy.drop();
    }
    await template.drop();
  });

  it('drops the database in spite of open connections, and again without complaint', async () => {
    const database = await createTestDatabase(server);
    const client = new pg.Client({ connectionString: database.url });
    const losses: unknown[] = [];
    client.on('error', (error) => losses.push(error));
    await client.connect();
    await database.drop();
    await expect.poll(() => losses[0]).toMatchObject({ code: '57P01' });
    await database.drop();
    await expect(queryOnce(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
