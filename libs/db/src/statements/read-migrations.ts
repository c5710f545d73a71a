/** Whether the table of applied migrations is there yet. */
export const hasMigrationsSql = `select to_regclass('drizzle.__drizzle_migrations') is not null as found`;

/** When the newest applied migration was written, in milliseconds, as its journal says; one row, null for none. */
export const newestMigrationSql = `select max(created_at)::text as written_at from drizzle.__drizzle_migrations`;

/** The server's version, such as `18.4`. */
export const serverVersionSql = `select current_setting('server_version') as version`;
