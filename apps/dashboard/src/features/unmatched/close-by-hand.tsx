import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { closedDiscrepancySchema, type Discrepancy } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import { resolutionName } from './resolution-name.js';
import classes from './unmatched-page.module.css';

/** Says how a discrepancy ended, in the words that the server offers. The books stay as they are. */
export function CloseByHand({ discrepancy }: { discrepancy: Discrepancy }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const offered = discrepancy.resolutionsByHand;
  const [resolution, setResolution] = useState(offered[0] ?? '');
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const [note, setNote] = useState('');
  const close = useMutation({
    mutationFn: () =>
      api.post(`/v1/discrepancies/${discrepancy.id}/close`, closedDiscrepancySchema, { resolution, note: note.trim() }),
    onSuccess: async () => {
      tellDone('Closed. The books stay as they are.');
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'live' || queryKey[0] === 'sums',
      });
    },
  });
  const errors = fieldErrorsOf(close.error, ['note'], { note: 'Say how it ended, in a few words.' });
  return (
    <Card title="Close it" note="Says how it ended. The books stay as they are.">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          close.mutate();
        }}
      >
        <SegmentedControl
          fullWidth
          orientation={isPhone ? 'vertical' : 'horizontal'}
          aria-label="How it ended"
          data={offered.map((value) => ({ value, label: resolutionName(value) }))}
          value={resolution}
          onChange={setResolution}
        />
        <TextInput
          label="Note"
          required
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={errors.note}
        />
        <FormError error={errors.note ? null : close.error} />
        <div className={classes.buttons}>
          <Button type="submit" variant="default" loading={close.isPending}>
            Close discrepancy
          </Button>
        </div>
      </form>
    </Card>
  );
}
