import { useQuery } from '@tanstack/react-query';
import { webhookRecoveryListSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { formatNumber } from '../../ui/format-count.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { useNow } from '../../ui/use-now.js';

const lookEveryMs = 1_500;
/** One that is done is news for so long. */
const shownMs = 3_600_000;

/** How far the newest recovery of an endpoint is; nothing where there was none lately. */
export function RecoveryNotice({ endpointId }: { endpointId: string }) {
  const { api } = useBook();
  const nowMs = useNow();
  const query = useQuery({
    queryKey: ['webhooks', api.bookSlug, endpointId, 'recoveries'],
    queryFn: ({ signal }) =>
      api.get(`/v1/webhook-endpoints/${endpointId}/recoveries`, webhookRecoveryListSchema, { limit: 1 }, signal),
    refetchInterval: ({ state }) => (state.data?.data[0]?.status === 'running' ? lookEveryMs : false),
  });
  const recovery = query.data?.data[0];
  if (recovery === undefined) return null;
  const { status, resent, total, since, doneAt } = recovery;
  if (doneAt !== null && nowMs - Date.parse(doneAt) > shownMs) return null;
  const isRunning = status === 'running';
  const progress = `${formatNumber(resent)} of ${formatNumber(Math.max(total, resent))}`;
  return (
    <div role="status">
      <Notice tone={isRunning ? 'info' : 'ok'}>
        {isRunning ? 'Recovering: ' : 'Recovered: '}
        {progress} webhooks that were given up since <TimeText at={since} /> are due again.
      </Notice>
    </div>
  );
}
