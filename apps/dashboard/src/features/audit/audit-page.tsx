import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type AuditEntry, auditListSchema } from '@tollbook/contract';
import { useMemo } from 'react';
import { useBook } from '../../api/book-context.js';
import { Card } from '../../ui/card.js';
import { Chip } from '../../ui/chip.js';
import { Disclosure } from '../../ui/disclosure.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Facts } from '../../ui/facts.js';
import { FilterChips } from '../../ui/filter-chips.js';
import { HashText } from '../../ui/hash-text.js';
import { JsonView } from '../../ui/json-view.js';
import { PageHeader } from '../../ui/page-header.js';
import { QueryView } from '../../ui/query-view.js';
import { TimeText } from '../../ui/time-text.js';
import { ViewTabs } from '../../ui/view-tabs.js';
import { useEndpointNames } from '../payments/use-endpoint-names.js';
import classes from './audit-page.module.css';

const route = getRouteApi('/audit');

/** Actions by their first word, as the log can be asked for them. */
const topics = [
  { name: 'All', action: undefined },
  { name: 'Prices', action: 'price' },
  { name: 'Endpoints', action: 'endpoint' },
  { name: 'Limits', action: 'limit' },
  { name: 'Payers', action: 'allowed_payer' },
  { name: 'Webhooks', action: 'webhook_endpoint' },
  { name: 'Wallets', action: 'wallet' },
  { name: 'Keys', action: 'key' },
] as const;

/** Who changed what, and why; chained, so that a change of the past shows. */
export function AuditPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { api } = useBook();
  const query = useInfiniteQuery({
    queryKey: ['audit', api.bookSlug, search],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/audit-log', auditListSchema, { ...search, limit: 50, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const entries = useMemo(() => query.data?.pages.flatMap(({ data }) => data) ?? [], [query.data]);
  const set = (next: typeof search) => void navigate({ to: '/audit', search: next, replace: true });
  const isChained = query.data?.pages.every(({ isChainVerified }) => isChainVerified) ?? true;
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Who changed what, and why."
        beside={
          query.data === undefined ? null : (
            <Chip tone={isChained ? 'ok' : 'bad'} icon={isChained ? 'check' : 'cross'} title={chainMeans}>
              {isChained ? 'Nothing was altered' : 'Altered afterwards'}
            </Chip>
          )
        }
      />
      <div className={classes.filters}>
        <ViewTabs
          label="Topics"
          tabs={topics.map(({ name, action }) => ({
            name,
            isCurrent: search.action === action,
            onSelect: () => set({ ...search, action }),
          }))}
        />
        <FilterChips
          chips={[
            ...(search.actor
              ? [{ name: 'Actor', value: search.actor, onRemove: () => set({ ...search, actor: undefined }) }]
              : []),
            ...(search.target
              ? [{ name: 'Object', value: search.target, onRemove: () => set({ ...search, target: undefined }) }]
              : []),
          ]}
        />
      </div>
      <Card isFlush>
        <QueryView query={query} failure="The audit log could not be loaded">
          {() =>
            entries.length === 0 ? (
              <EmptyState
                title={search.action || search.actor || search.target ? 'No entries match' : 'Nothing was changed yet'}
              >
                Each change of a price, an endpoint, a limit, a webhook, a wallet or a key appears here.
              </EmptyState>
            ) : (
              <ul aria-label="Changes">
                {entries.map((entry) => (
                  <Entry key={entry.seq} entry={entry} onTarget={(target) => set({ ...search, target })} />
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

const chainMeans = 'Each entry is sealed together with the one before it, so a changed or missing one would show.';

/** What an entry is about, as people call it: an endpoint's route, or the name that the entry itself holds. */
function nameOf({ target, before, after }: AuditEntry, endpointName: (id: string) => string): string {
  if (target.kind === 'endpoint') return endpointName(target.id);
  for (const held of [after, before]) {
    if (typeof held !== 'object' || held === null) continue;
    const { name, url, label } = held as { name?: unknown; url?: unknown; label?: unknown };
    const found = [name, url, label].find((each) => typeof each === 'string' && each !== '');
    if (typeof found === 'string') return found;
  }
  return `${target.id.slice(0, 12)}…`;
}

function Entry({ entry, onTarget }: { entry: AuditEntry; onTarget: (target: string) => void }) {
  const endpointName = useEndpointNames();
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <span className={classes.action}>{wordsOf(entry.action)}</span>
        <button type="button" className="tb-link" onClick={() => onTarget(entry.target.id)}>
          {entry.target.kind.replaceAll('_', ' ')} <span title={entry.target.id}>{nameOf(entry, endpointName)}</span>
        </button>
        {entry.isChained ? null : (
          <Chip tone="bad" isSmall>
            Altered
          </Chip>
        )}
        <span className={classes.when}>
          <TimeText at={entry.at} />
        </span>
      </div>
      <p className={classes.meta}>
        by {entry.actor.name}
        {entry.reason === null ? '' : ` · “${entry.reason}”`}
      </p>
      <Disclosure label="Before and after">
        <div className={classes.diff}>
          <div>
            <p className="tb-muted tb-small">Before</p>
            <JsonView value={entry.before ?? null} what="before" />
          </div>
          <div>
            <p className="tb-muted tb-small">After</p>
            <JsonView value={entry.after ?? null} what="after" changedFrom={entry.before ?? undefined} />
          </div>
        </div>
        <Facts
          facts={[
            ['Entry', entry.seq],
            ['From', entry.address ?? '—'],
            ['Request', <HashText key="request" value={entry.requestId} what="request id" />],
            ['Actor', <span key="actor" className="tb-mono">{`${entry.actor.kind} ${entry.actor.id}`}</span>],
          ]}
        />
      </Disclosure>
    </li>
  );
}

function wordsOf(action: string): string {
  const words = action.replace('.', ' ').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
