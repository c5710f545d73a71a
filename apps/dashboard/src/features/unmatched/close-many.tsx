import { useMutation, useQueryClient } from '@tanstack/react-query';
import { closedDiscrepanciesSchema, type Discrepancy } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { formatCount } from '../../ui/format-count.js';
import { Notice } from '../../ui/notice.js';
import { discrepancyKinds } from '../payments/payment-flags.js';
import { ClosingForm } from './closing-form.js';

export interface CloseManyProps {
  chosen: readonly Discrepancy[];
  /** Told which were closed. */
  onDone: (closedIds: readonly string[]) => void;
}

/** Ends several discrepancies in the same words; those that could not be ended stay chosen, with the reason. */
export function CloseMany({ chosen, onDone }: CloseManyProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: (closing: { resolution: string; note: string }) =>
      api.post('/v1/discrepancies/close', closedDiscrepanciesSchema, { ids: chosen.map(({ id }) => id), ...closing }),
    onSuccess: async ({ data, closed }) => {
      if (closed > 0) {
        tellDone(`Closed ${formatCount(closed, 'discrepancy', 'discrepancies')}. The books stay as they are.`);
      }
      onDone(data.flatMap(({ id, status }) => (status === 'closed' ? [id] : [])));
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'live' || queryKey[0] === 'sums',
      });
    },
  });
  const offered = sharedResolutions(chosen);
  const refused = close.data?.data.filter(({ status }) => status === 'refused') ?? [];
  return (
    <Card
      title={`${formatCount(chosen.length, 'discrepancy', 'discrepancies')} chosen`}
      note="All are closed in the same words. The books stay as they are."
    >
      {refused.length > 0 ? <Notice tone="warn">{refusalText(refused)}</Notice> : null}
      {offered.length === 0 ? (
        <Notice tone="neutral">
          No outcome fits all of them: {kindsOf(chosen).join(', ')}. Choose those of one kind.
        </Notice>
      ) : (
        <ClosingForm
          offered={offered}
          note=""
          submit={`Close ${formatCount(chosen.length, 'discrepancy', 'discrepancies')}`}
          isPending={close.isPending}
          error={close.error}
          onClose={(closing) => close.mutate(closing)}
        />
      )}
    </Card>
  );
}

/** What every one of them may be closed with. */
function sharedResolutions(chosen: readonly Discrepancy[]): readonly string[] {
  const [first, ...others] = chosen;
  return (first?.resolutionsByHand ?? []).filter((each) =>
    others.every(({ resolutionsByHand }) => resolutionsByHand.includes(each)),
  );
}

function kindsOf(chosen: readonly Discrepancy[]): string[] {
  return [...new Set(chosen.map(({ kind }) => discrepancyKinds[kind].name.toLowerCase()))];
}

function refusalText(refused: readonly { detail: string | null }[]): string {
  const reasons = [...new Set(refused.map(({ detail }) => detail ?? 'It could not be closed.'))];
  return `${formatCount(refused.length, 'discrepancy was', 'discrepancies were')} not closed. ${reasons.join(' ')}`;
}
