import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type Discrepancy, discrepancyListSchema } from '@tollbook/contract';
import { useMemo, useRef } from 'react';
import { useBook } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { PaymentFlags } from '../payments/payment-flags.js';
import { DiscrepancyPanel } from './discrepancy-panel.js';
import { resolutionName } from './resolution-name.js';
import classes from './unmatched-page.module.css';

const route = getRouteApi('/unmatched');

/** Money that no offer explains, and everything else that does not add up: a list to be worked down. */
export function UnmatchedPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { api } = useBook();
  const status = search.status ?? 'open';
  const filter = { status, kind: search.kind };
  const query = useInfiniteQuery({
    queryKey: ['live', 'discrepancies', api.bookSlug, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/discrepancies', discrepancyListSchema, { ...filter, limit: 50, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const selected = rows.find(({ id }) => id === search.peek) ?? rows[0];
  const panel = useRef<HTMLDivElement>(null);
  const select = (peek: string) => {
    set({ ...search, peek });
    // Where the panel stands below the list, it would stay out of sight.
    if (!window.matchMedia('(max-width: 63.99em)').matches) return;
    panel.current?.scrollIntoView();
    panel.current?.focus({ preventScroll: true });
  };
  const set = (next: typeof search) => void navigate({ to: '/unmatched', search: next, replace: true });
  const views = [
    { name: 'To look at', search: {} },
    { name: 'Unmatched money', search: { kind: 'unmatched' } },
    { name: 'Closed', search: { status: 'closed' } },
  ] as const;
  return (
    <>
      <PageHeader
        title="Unmatched"
        lead="What money arrived that cannot be explained, and what else does not add up?"
      />
      <div className={classes.views}>
        <ViewTabs
          label="Views"
          tabs={views.map((view) => ({
            name: view.name,
            isCurrent: isSame(view.search, search),
            onSelect: () => set(view.search),
          }))}
        />
      </div>
      <QueryView query={query} failure="The list could not be loaded">
        {() =>
          selected === undefined ? (
            <Card>
              <EmptyState title={status === 'open' ? 'Everything is explained' : 'Nothing was closed yet'}>
                Money without an offer, late, short or double payments, and answers without money appear here.
              </EmptyState>
            </Card>
          ) : (
            <div className={classes.panes}>
              <Card isFlush>
                <ul aria-label="Discrepancies">
                  {rows.map((row) => (
                    <li key={row.id}>
                      <Row row={row} isCurrent={row.id === selected.id} onSelect={() => select(row.id)} />
                    </li>
                  ))}
                </ul>
                {query.hasNextPage ? (
                  <div className={classes.more}>
                    <Button
                      variant="default"
                      loading={query.isFetchingNextPage}
                      onClick={() => void query.fetchNextPage()}
                    >
                      Show older
                    </Button>
                  </div>
                ) : null}
              </Card>
              <div ref={panel} tabIndex={-1} className={classes.detail}>
                <DiscrepancyPanel key={selected.id} discrepancy={selected} />
              </div>
            </div>
          )
        }
      </QueryView>
    </>
  );
}

function Row({ row, isCurrent, onSelect }: { row: Discrepancy; isCurrent: boolean; onSelect: () => void }) {
  return (
    <button type="button" className={classes.row} aria-current={isCurrent || undefined} onClick={onSelect}>
      <CardLines
        start={<AmountText amountAtomic={row.amountAtomic} asset={row.asset} />}
        end={<PaymentFlags kinds={[row.kind]} />}
        below={row.closedAt === null ? 'open' : `closed: ${resolutionName(row.resolution ?? '')}`}
        belowEnd={<TimeText at={row.openedAt} />}
      />
    </button>
  );
}

function isSame(view: object, search: { status?: string | undefined; kind?: string | undefined }): boolean {
  const wanted: { status?: string; kind?: string } = view;
  return wanted.status === search.status && wanted.kind === search.kind;
}
