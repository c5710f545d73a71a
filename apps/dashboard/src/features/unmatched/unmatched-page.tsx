import { Button, Checkbox } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type Discrepancy, discrepancyListSchema } from '@tollbook/contract';
import { useMemo, useRef, useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { CardLines } from '../../ui/card-lines.js';
import { EmptyState } from '../../ui/empty-state.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { discrepancyKinds, PaymentFlags } from '../payments/payment-flags.js';
import { CloseMany } from './close-many.js';
import { DiscrepancyPanel } from './discrepancy-panel.js';
import { resolutionName } from './resolution-name.js';
import classes from './unmatched-page.module.css';

const route = getRouteApi('/unmatched');

/** As many as one request may name. */
const chosenMax = 100;

/** Money that no offer explains, and everything else that does not add up: a list to be worked down. */
export function UnmatchedPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { api } = useBook();
  const status = search.status ?? 'open';
  const filter = { status, kind: search.kind, assignee: search.assignee };
  const query = useInfiniteQuery({
    queryKey: ['live', 'discrepancies', api.bookSlug, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/discrepancies', discrepancyListSchema, { ...filter, limit: 50, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const selected = rows.find(({ id }) => id === search.peek) ?? rows[0];
  const mayWrite = useMay('payments:write');
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const closable = mayWrite ? rows.filter(isClosable) : [];
  const chosen = closable.filter(({ id }) => chosenIds.has(id)).slice(0, chosenMax);
  const choose = (ids: readonly string[], isChosen: boolean) =>
    setChosenIds((before) => new Set(isChosen ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id))));
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
    { name: 'Mine', search: { assignee: 'me' } },
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
                {closable.length > 1 ? (
                  <div className={classes.all}>
                    <Checkbox
                      label={chosen.length === 0 ? 'Choose all that are shown' : `${chosen.length} chosen`}
                      checked={chosen.length > 0 && chosen.length === Math.min(closable.length, chosenMax)}
                      indeterminate={chosen.length > 0 && chosen.length < Math.min(closable.length, chosenMax)}
                      onChange={(event) =>
                        choose(
                          closable.map(({ id }) => id),
                          event.currentTarget.checked,
                        )
                      }
                    />
                  </div>
                ) : null}
                <ul aria-label="Discrepancies">
                  {rows.map((row) => (
                    <li key={row.id} className={classes.item}>
                      {closable.length > 1 ? (
                        <Checkbox
                          className={classes.choice}
                          aria-label={`Choose ${discrepancyKinds[row.kind].name} ${row.amount} ${row.asset}`}
                          disabled={!closable.includes(row)}
                          checked={chosen.includes(row)}
                          onChange={(event) => choose([row.id], event.currentTarget.checked)}
                        />
                      ) : null}
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
                {chosen.length > 0 ? (
                  <CloseMany chosen={chosen} onDone={(ids) => choose(ids, false)} />
                ) : (
                  <DiscrepancyPanel key={selected.id} discrepancy={selected} />
                )}
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
        below={standing(row)}
        belowEnd={<TimeText at={row.openedAt} />}
      />
    </button>
  );
}

function standing({ closedAt, resolution, assignee }: Discrepancy): string {
  if (closedAt !== null) return `closed: ${resolutionName(resolution ?? '')}`;
  return assignee === null ? 'open' : `open, with ${assignee.name}`;
}

type View = { status?: string | undefined; kind?: string | undefined; assignee?: string | undefined };

function isSame(view: object, search: View): boolean {
  const wanted: View = view;
  return wanted.status === search.status && wanted.kind === search.kind && wanted.assignee === search.assignee;
}

/** Only what a person can end may be chosen. */
function isClosable({ closedAt, resolutionsByHand }: Discrepancy): boolean {
  return closedAt === null && resolutionsByHand.length > 0;
}
