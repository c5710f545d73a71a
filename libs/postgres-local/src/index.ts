export type { LocalPostgres } from './local-postgres.js';
export { PostgresStartError, type PostgresStartErrorCode } from './postgres-start-error.js';
export type { StartPostgresOptions } from './start-postgres.js';
export { startPostgres } from './start-postgres.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
