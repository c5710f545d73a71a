import { useQuery } from '@tanstack/react-query';
import { useBook } from '../api/book-context.js';
import { overviewQuery } from '../features/overview/overview-query.js';
import { type SystemTrouble, useSystemTrouble } from '../features/system/use-system-trouble.js';
import { comparisonDefault, dayRangeOf } from '../range.js';
import { useZone } from '../ui/zone-context.js';

export interface Work {
  unmatched: number;
  unknown: number;
  webhooks: number;
  health: SystemTrouble['healthState'];
}

/** The work that waits, for the badges of the rail. The overview's default answer holds it, so it is asked once. */
export function useWork(): Work {
  const { api } = useBook();
  const zone = useZone();
  const overview = useQuery({
    ...overviewQuery(api, dayRangeOf({}, new Date(), zone), 'network', comparisonDefault),
    staleTime: 15_000,
  });
  const { failingWebhooks, healthState } = useSystemTrouble();
  const attention = overview.data?.attention;
  return {
    unmatched: attention?.unmatched.count ?? 0,
    unknown: attention?.unknown.count ?? 0,
    webhooks: failingWebhooks,
    health: healthState,
  };
}
