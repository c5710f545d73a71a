import { queryOptions } from '@tanstack/react-query';
import { type Comparison, overviewSchema } from '@tollbook/contract';
import type { ApiClient } from '../../api/api-client.js';
import type { DayRange } from '../../range.js';

/** How revenue is split in the chart. */
export type OverviewSplit = 'network' | 'endpoint';

/** Everything the overview shows of its days, in one answer. */
export function overviewQuery(api: ApiClient, days: DayRange, by: OverviewSplit, cmp: Comparison) {
  return queryOptions({
    queryKey: ['sums', 'overview', api.bookSlug, days, by, cmp],
    queryFn: ({ signal }) => api.get('/v1/overview', overviewSchema, { ...days, by, cmp }, signal),
  });
}
