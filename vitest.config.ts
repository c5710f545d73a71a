import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './scripts/long-files-first.js';

/** Workspace packages are tested from their TypeScript, never from a dist that may be stale. */
const conditions = ['source', ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    // Those that compute beside those that wait.
    maxWorkers: 3,
    passWithNoTests: false,
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['libs/*/src/**/*.test.{ts,tsx}', 'apps/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
          exclude: ['**/*.int.test.ts'],
          // They share nothing that is worth loading anew for each file: no mocks of modules, no state outside of a test.
          isolate: false,
          // Properties compute; a busy machine is no failure.
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{libs,apps}/*/src/**/*.int.test.ts'],
          globalSetup: ['scripts/vitest-global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['apps/*/test/**/*.e2e.test.ts'],
          globalSetup: ['scripts/vitest-global-setup.ts'],
          // On a machine of strangers a whole product may once be too slow; the report names who needed a second try.
          // Never for the other projects: a property that fails once has found something.
          retry: process.env.CI ? 1 : 0,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
