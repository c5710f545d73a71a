import { useQuery } from '@tanstack/react-query';
import { type RevenueLine, revenueReportSchema } from '@tollbook/contract';
import { useCallback } from 'react';
import { useBook } from '../../api/book-context.js';
import { type DayRange, dayRangeOf } from '../../range.js';
import { useZone } from '../../ui/zone-context.js';

export interface WeekRevenue {
  days: DayRange;
  /** Null while it is not known; one line for each asset, none where nothing came. */
  linesOf: (endpointId: string) => readonly RevenueLine[] | null;
}

/** What each endpoint brought in the last seven days, the running day counted in. */
export function useWeekRevenue(): WeekRevenue {
  const { api } = useBook();
  const days = dayRangeOf({ range: '7d' }, new Date(), useZone());
  const { data } = useQuery({
    queryKey: ['sums', 'revenue', api.bookSlug, days, 'endpoint'],
    queryFn: ({ signal }) =>
      api.get('/v1/reports/revenue', revenueReportSchema, { ...days, groupBy: 'endpoint' }, signal),
  });
  const linesOf = useCallback((id: string) => data?.data.filter(({ endpointId }) => endpointId === id) ?? null, [data]);
  return { days, linesOf };
}
