import { expect, it } from 'vitest';
import { explainFailure } from './explain-failure.js';

it.each([
  ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', 'busy'],
  ['FATAL:  lock file "postmaster.pid" already exists', 'busy'],
  ['FATAL:  lock file "postmaster.pid" is empty', 'busy'],
  ['FATAL:  could not create any TCP/IP sockets', 'port_in_use'],
  ['FATAL:  database files are incompatible with server', 'version_mismatch'],
  ['PANIC:  could not locate a valid checkpoint record', 'server_failed'],
])('explains %j as %s', (line, meaning) => {
  expect(explainFailure(['LOG:  starting PostgreSQL', line])).toBe(meaning);
});

it('waits for the old server first when its port is taken too', () => {
  const lines = ['LOG:  could not bind IPv4 address', 'FATAL:  lock file "/d/postmaster.pid" already exists'];
  expect(explainFailure(lines)).toBe('busy');
});

it('calls a server that said nothing failed', () => {
  expect(explainFailure([])).toBe('server_failed');
});
