import { expect, it } from 'vitest';
import { checkFile } from './check-house-rules.mjs';

const machineFolder = ['', 'root', 'project'].join('/');
// Spelled in parts, because the rules read this file too.
const [only, skip, timer] = ['on ly', 'sk ip', 'set Timeout'].map((word) => word.replace(' ', ''));
const sleep = `await new Promise((resolve) => ${timer}(resolve, 5));`;

it.each([
  ['the environment outside config', 'apps/api/src/main.ts', 'listen(process.env.PORT);'],
  ['a renamed environment', 'libs/db/src/pool.ts', "import { env } from 'node:process';"],
  ['an SQL template outside db', 'libs/usecases/src/a.ts', 'tx.run(sql`select 1`);'],
  ['an SQL template in a store', 'libs/db/src/stores/payment-store.ts', 'where(sql<number>`a = 1`);'],
  ['an SQL text handed to a client', 'apps/api/src/health.ts', "client.query(\n  'select 1',\n);"],
  ['an SQL text kept in a constant', 'apps/api/src/health.ts', 'const text = `\n  SELECT id\n  FROM payments`;'],
  ['Nest in a library', 'libs/queue/src/a.ts', "import { Injectable } from '@nestjs/common';"],
  ['any', 'libs/evm/src/a.ts', 'const reply: any = read();'],
  ['a cast to any', 'libs/evm/src/a.ts', 'read() as any;'],
  ['a silenced type error', 'apps/cli/src/a.ts', '// @ts-ignore'],
  ['a number that holds money', 'libs/domain/src/money/a.ts', 'type Price = { amountAtomic: number };'],
  ['a schema that reads money as a number', 'libs/contract/src/a.ts', 'z.object({ amount: z.number() });'],
  ['a mocked module', 'libs/evm/src/a.test.ts', "vi.mock('./b.js');"],
  ['a focused test', 'libs/evm/src/a.test.ts', `it.${only}('x', run);`],
  ['a skipped group', 'apps/api/test/a.e2e.test.ts', `describe.concurrent.${skip}('x', run);`],
  ['a sleep in a test', 'libs/evm/src/a.int.test.ts', sleep],
  ['a folder of this machine', 'docs/operations.md', `Logs are in ${machineFolder}/logs.`],
  ['an index below the library root', 'libs/evm/src/read/index.ts', ''],
  ['a drawer of types', 'libs/evm/src/read/types.ts', ''],
  ['a drawer of functions', 'libs/evm/src/block-utils.ts', ''],
  ['a drawer as a folder', 'apps/api/src/common/clock.ts', ''],
  ['a file longer than 400 lines', 'libs/evm/src/a.ts', 'a();\n'.repeat(401)],
])('refuses %s', (_what, path, text) => {
  expect(checkFile(path, text)).toHaveLength(1);
});

it.each([
  ['config reading the environment', 'libs/config/src/config.ts', 'parse(process.env);'],
  ['a test reading the environment', 'libs/queue/src/a.int.test.ts', 'process.env.TOLLBOOK_TEST_REDIS_URL;'],
  ['SQL in a statement', 'libs/db/src/statements/claim.ts', 'sql`select 1`;'],
  ['a constraint in the schema', 'libs/db/src/schema/payment.ts', "check('positive', sql`amount > 0`);"],
  ['the query builder', 'libs/db/src/stores/a.ts', 'db.select().from(payment); db.query.payment.findFirst();'],
  ['Nest in an app', 'apps/api/src/main.ts', "import { Module } from '@nestjs/common';"],
  ['a test that depends on a service', 'libs/queue/src/a.int.test.ts', 'describe.skipIf(redisUrl === undefined)(run);'],
  ['a timer in shipped code', 'libs/outbound/src/a.ts', sleep],
  ['a path of a URL', 'apps/api/src/a.ts', '// See example.org/home/start for more.'],
  ['a file of 400 lines', 'libs/evm/src/a.ts', 'a();\n'.repeat(400)],
  ['an index at the library root', 'libs/evm/src/index.ts', ''],
])('accepts %s', (_what, path, text) => {
  expect(checkFile(path, text)).toEqual([]);
});

it('names the line of a finding', () => {
  expect(checkFile('libs/evm/src/a.ts', 'one();\ntwo();\nread() as any;\n')).toEqual([
    expect.objectContaining({ path: 'libs/evm/src/a.ts', line: 3 }),
  ]);
});
