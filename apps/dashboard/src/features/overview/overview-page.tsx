import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { Overview } from '@tollbook/contract';
import { lazy, Suspense, useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { comparisonDefault, dayRangeOf, type RangeSearch } from '../../range.js';
import { Card } from '../../ui/card.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { SkeletonLines } from '../../ui/skeleton-lines.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { useZone } from '../../ui/zone-context.js';
import { AttentionStrip } from './attention-strip.js';
import { FirstPayment } from './first-payment.js';
import { Funnel } from './funnel.js';
import classes from './overview-page.module.css';
import { type OverviewSplit, overviewQuery } from './overview-query.js';
import { Tiles } from './tiles.js';
import { TopFailures } from './top-failures.js';

/** The chart's library is heavy; the page's numbers do not wait for it. */
const RevenueChart = lazy(() => import('./revenue-chart.js').then(({ RevenueChart }) => ({ default: RevenueChart })));

/** How is revenue, and does anything need me? */
export function OverviewPage() {
  const { api } = useBook();
  const search: RangeSearch = useSearch({ strict: false });
  const zone = useZone();
  const [by, setBy] = useState<OverviewSplit>('network');
  const query = useQuery(overviewQuery(api, dayRangeOf(search, new Date(), zone), by, search.cmp ?? comparisonDefault));
  return (
    <>
      <PageHeader title="Overview" />
      <QueryView query={query} failure="The overview could not be loaded" skeleton={<OverviewSkeleton />}>
        {(overview) => (
          <div className={classes.page}>
            <AttentionStrip attention={overview.attention} />
            {isUntouched(overview) ? <FirstPayment /> : null}
            <Tiles overview={overview} />
            <Card
              title="Revenue"
              note={`By ${overview.bucket}, in ${overview.period.zone}; confirmed and final together`}
              action={
                <ViewTabs
                  label="Split revenue by"
                  tabs={[
                    { name: 'Network', isCurrent: by === 'network', onSelect: () => setBy('network') },
                    { name: 'Endpoint', isCurrent: by === 'endpoint', onSelect: () => setBy('endpoint') },
                  ]}
                />
              }
            >
              <Suspense fallback={<div className={classes.chart} />}>
                <RevenueChart overview={overview} />
              </Suspense>
            </Card>
            <div className={classes.halves}>
              <TopFailures failures={overview.failures} />
              <Funnel steps={overview.funnel} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  );
}

function isUntouched({ funnel, paidRequests }: Overview): boolean {
  return paidRequests.current === 0 && !paidRequests.previous && funnel.every(({ count }) => count === 0);
}

function OverviewSkeleton() {
  return (
    <div className={classes.page}>
      <div className={classes.tiles}>
        {['revenue', 'requests', 'success', 'payers'].map((name) => (
          <SkeletonLines key={name} count={1} heightPx={124} />
        ))}
      </div>
      <SkeletonLines count={1} heightPx={330} />
    </div>
  );
}
