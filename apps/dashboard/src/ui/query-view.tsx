import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state.js';
import { formatTime } from './format-time.js';
import { Notice } from './notice.js';
import { SkeletonLines } from './skeleton-lines.js';
import { useNow } from './use-now.js';
import { useZone } from './zone-context.js';

export interface QueryViewProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch' | 'dataUpdatedAt'>;
  /** What could not be shown when it fails. */
  failure: string;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Loading, failed, stale or there: the four states of one answer. Old data stays when a refresh fails. */
export function QueryView<Data>({ query, failure, skeleton, children }: QueryViewProps<Data>) {
  const nowMs = useNow();
  const zone = useZone();
  if (query.data === undefined) {
    if (query.error === null) return skeleton ?? <SkeletonLines count={4} heightPx={20} />;
    return <ErrorState title={failure} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const since = query.error === null ? null : formatTime(new Date(query.dataUpdatedAt).toISOString(), nowMs, zone);
  return (
    <>
      {since === null ? null : (
        <Notice tone="warn">
          Stale: the data is from {since}, a refresh failed.{' '}
          <button type="button" className="tb-link" onClick={() => void query.refetch()}>
            Try again
          </button>
        </Notice>
      )}
      {children(query.data)}
    </>
  );
}
