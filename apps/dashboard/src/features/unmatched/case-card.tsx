import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { assigneeListSchema, type Discrepancy, discrepancySchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import classes from './unmatched-page.module.css';

/** Who works on a discrepancy, and what they wrote about it so far. */
export function CaseCard({ discrepancy }: { discrepancy: Discrepancy }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [assigneeId, setAssigneeId] = useState(discrepancy.assignee?.id ?? '');
  const [note, setNote] = useState(discrepancy.note ?? '');
  const people = useQuery({
    queryKey: ['assignees', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/discrepancies/assignees', assigneeListSchema, {}, signal),
  });
  const save = useMutation({
    mutationFn: () =>
      api.patch(`/v1/discrepancies/${discrepancy.id}`, discrepancySchema, {
        assigneeId: assigneeId || null,
        note: note.trim() || null,
      }),
    onSuccess: async () => {
      tellDone('Saved.');
      await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'live' });
    },
  });
  const errors = fieldErrorsOf(save.error, ['note', 'assigneeId'], {});
  const known = people.data?.data ?? [];
  // Somebody who left the merchant is still shown until another one takes it.
  const former = discrepancy.assignee && !known.some(({ id }) => id === discrepancy.assignee?.id);
  const offered = former ? [discrepancy.assignee, ...known] : known;
  return (
    <Card title="Work on it" note="Everybody of this merchant sees it; the audit log keeps what was here before.">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <NativeSelect
          label="Assignee"
          value={assigneeId}
          onChange={(event) => setAssigneeId(event.currentTarget.value)}
          error={errors.assigneeId}
        >
          <option value="">Nobody</option>
          {offered.map((person) => (
            <option key={person?.id} value={person?.id}>
              {person?.name}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label="Note"
          description="What is known so far"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={errors.note}
        />
        <FormError error={errors.note || errors.assigneeId ? null : (save.error ?? people.error)} />
        <div className={classes.buttons}>
          <Button type="submit" variant="default" loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
