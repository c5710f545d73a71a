import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest in its project, so that no worker is left alone with it at the end. */
const longFiles = [
  'kill-api.e2e',
  'kill-worker.e2e',
  'dashboard.e2e',
  'attacks.e2e',
  'whole-way.e2e',
  'kill-webhooks.e2e',
  'scenarios.e2e',
  'reorg.e2e',
  'database-away.e2e',
  'webhooks.e2e',
  'queues.int',
  'worker.int',
  'dev-usd.int',
  'payments.int',
];

/** Begins with the files that are known to be long; without it a first run begins with the largest. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = (file: TestSpecification) => file.project.config.sequence.groupOrder;
    return sorted.sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longFiles.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return rank === -1 ? longFiles.length : rank;
}
