import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type Refusal, refusalListSchema } from '@tollbook/contract';
import { useMemo } from 'react';
import { useBook } from '../../api/book-context.js';
import { dayRangeOf } from '../../range.js';
import { Card } from '../../ui/card.js';
import { Disclosure } from '../../ui/disclosure.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Facts } from '../../ui/facts.js';
import { FilterChips } from '../../ui/filter-chips.js';
import { HashText } from '../../ui/hash-text.js';
import { Icon } from '../../ui/icon.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { useZone } from '../../ui/zone-context.js';
import { reasonName } from '../failures/reason-name.js';
import { useEndpointNames } from '../payments/use-endpoint-names.js';
import { ComparisonTable } from './comparison-table.js';
import classes from './refusals-page.module.css';

const route = getRouteApi('/refusals');

/** Payments that were refused at the gate, each with what was asked beside what came. */
export function RefusalsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { api } = useBook();
  const endpointName = useEndpointNames();
  const days = dayRangeOf(search, new Date(), useZone());
  const { reason, client, endpoint, payer, payment } = search;
  const filter = { reason, client, endpoint, payer, payment };
  const query = useInfiniteQuery({
    queryKey: ['refusals', api.bookSlug, filter, days],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/refusals', refusalListSchema, { ...filter, ...days, limit: 50, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const refusals = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const without = (key: keyof typeof filter) => () =>
    void navigate({ to: '/refusals', search: { ...search, [key]: undefined }, replace: true });
  const chip = (key: keyof typeof filter, name: string, shown: (value: string) => string = (value) => value) => {
    const value = filter[key];
    return value === undefined ? [] : [{ name, value: shown(value), onRemove: without(key) }];
  };
  const chips = [
    ...chip('reason', 'Reason', reasonName),
    ...chip('client', 'Client'),
    ...chip('endpoint', 'Endpoint', endpointName),
    ...chip('payer', 'Payer'),
    ...chip('payment', 'Payment'),
  ];
  return (
    <>
      <PageHeader
        title="Refused payments"
        above={
          <Link to="/failures" className={classes.back ?? ''}>
            <Icon name="back" size={14} /> Failures
          </Link>
        }
        lead="What was asked beside what came. At most sixty a minute are kept, for thirty days; all are counted."
      />
      <div className={classes.filters}>
        <FilterChips chips={chips} />
      </div>
      <Card isFlush>
        <QueryView query={query} failure="Refused payments could not be loaded">
          {() =>
            refusals.length === 0 ? (
              <EmptyState title={chips.length > 0 ? 'No refused payments match' : 'Nothing was refused in these days'}>
                A payment that the gate refuses before it takes it appears here, with every field side by side.
              </EmptyState>
            ) : (
              <ul aria-label="Refused payments">
                {refusals.map((refusal) => (
                  <Entry key={refusal.id} refusal={refusal} endpointName={endpointName} />
                ))}
              </ul>
            )
          }
        </QueryView>
      </Card>
      {query.hasNextPage ? (
        <div className={classes.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Entry({ refusal, endpointName }: { refusal: Refusal; endpointName: (id: string) => string }) {
  const { reason, at, nextStep, comparison, detail, endpointId, payer, paymentId, x402Version } = refusal;
  const client = x402Version === null ? refusal.clientFamily : `${refusal.clientFamily}, x402 v${x402Version}`;
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <span className={classes.reason}>{reasonName(reason)}</span> <span className="tb-mono tb-muted">{reason}</span>
        <span className={classes.when}>
          <TimeText at={at} />
        </span>
      </div>
      <p className={classes.meta}>
        {endpointId === null ? 'an invoice of yours' : endpointName(endpointId)} · {client}
        {payer === null ? null : (
          <>
            {' · '}
            <HashText value={payer} what="payer address" />
          </>
        )}
      </p>
      <p className={classes.step}>{nextStep}</p>
      {detail === null ? null : <p className={classes.step}>{detail}</p>}
      <Disclosure label={comparison.length > 0 ? 'Side by side' : 'More'}>
        {comparison.length > 0 ? <ComparisonTable lines={comparison} /> : null}
        <Facts
          facts={[
            ['Refusal', <HashText key="id" value={refusal.id} what="refusal id" />],
            ['Client says', refusal.userAgent ?? 'nothing of itself'],
            paymentId === null
              ? ['Offer', 'none of ours is named']
              : ['Its offer’s payment', <HashText key="payment" value={paymentId} what="payment id" />],
          ]}
        />
      </Disclosure>
    </li>
  );
}
