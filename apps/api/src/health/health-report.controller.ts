import { Controller, Get, Header, Inject } from '@nestjs/common';
import type { Health } from '@tollbook/contract';
import { readHealth } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { scorecardDays, toHealthFacilitators } from '../facilitators/facilitator.mapping.js';
import { apiParts } from '../tokens.js';
import { toApiHealth } from './health.mapping.js';

/** Whether what stands behind the books works: indexer, processes, queues, schedules, and the book's proofs. */
@Controller('v1/health')
export class HealthReportController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('health:read')
  @Header('cache-control', 'no-store')
  async health(@CurrentCaller() { bookId, mode }: Caller): Promise<Health> {
    const { health: store, catalog, formatAddress, facilitatorStore, facilitators, chains } = this.parts;
    const view = await readHealth({ store, catalog }, { bookId, mode });
    const settling = toHealthFacilitators(
      await facilitatorStore.list(bookId),
      (facilitatorId) => facilitators.sightOf(bookId, facilitatorId),
      await facilitatorStore.scorecards(bookId, scorecardDays),
      chains.gasNetworksOf(mode),
    );
    return toApiHealth(view, settling, { mode, catalog, formatAddress });
  }
}
