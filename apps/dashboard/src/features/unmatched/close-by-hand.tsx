import { useMutation, useQueryClient } from '@tanstack/react-query';
import { closedDiscrepancySchema, type Discrepancy } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { ClosingForm } from './closing-form.js';

/** Says how a discrepancy ended, in the words that the server offers. The books stay as they are. */
export function CloseByHand({ discrepancy }: { discrepancy: Discrepancy }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: (closing: { resolution: string; note: string }) =>
      api.post(`/v1/discrepancies/${discrepancy.id}/close`, closedDiscrepancySchema, closing),
    onSuccess: async () => {
      tellDone('Closed. The books stay as they are.');
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'live' || queryKey[0] === 'sums',
      });
    },
  });
  return (
    <Card title="Close it" note="Says how it ended. The books stay as they are.">
      <ClosingForm
        offered={discrepancy.resolutionsByHand}
        note={discrepancy.note ?? ''}
        submit="Close discrepancy"
        isPending={close.isPending}
        error={close.error}
        onClose={(closing) => close.mutate(closing)}
      />
    </Card>
  );
}
