import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ErrorState } from './error-state.js';
import { formatTime } from './format-time.js';
import { Notice } from './notice.js';
import { SkeletonLines } from './skeleton-lines.js';
import { useNow } from './use-now.js';
import { useZone } from './zone-context.js';

/** A refresh that takes longer makes what is shown stale. */
const staleAfterMs = 10_000;

export interface QueryViewProps<Data> {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch' | 'dataUpdatedAt' | 'isRefetching'>;
  /** What could not be shown when it fails. */
  failure: string;
  skeleton?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Loading, failed, stale or there: the four states of one answer. Old data stays when a refresh fails. */
export function QueryView<Data>({ query, failure, skeleton, children }: QueryViewProps<Data>) {
  const nowMs = useNow();
  const zone = useZone();
  const isSlow = useIsLong(query.isRefetching);
  if (query.data === undefined) {
    if (query.error === null) return skeleton ?? <SkeletonLines count={4} heightPx={20} />;
    return <ErrorState title={failure} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const hasFailed = query.error !== null;
  const since = hasFailed || isSlow ? formatTime(new Date(query.dataUpdatedAt).toISOString(), nowMs, zone) : null;
  return (
    <>
      {since === null ? null : (
        <Notice tone="warn">
          Stale: the data is from {since}, {hasFailed ? 'a refresh failed. ' : 'a refresh takes long.'}
          {hasFailed ? (
            <button type="button" className="tb-link" onClick={() => void query.refetch()}>
              Try again
            </button>
          ) : null}
        </Notice>
      )}
      {children(query.data)}
    </>
  );
}

/** Whether something has gone on for longer than a reader should take its last answer for the newest. */
function useIsLong(isOn: boolean): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    setIsLong(false);
    if (!isOn) return;
    const timer = setTimeout(() => setIsLong(true), staleAfterMs);
    return () => clearTimeout(timer);
  }, [isOn]);
  return isLong;
}
