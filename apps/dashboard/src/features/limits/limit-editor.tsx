import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RateLimitStatus, type RatePolicy, rateLimitStatusSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { FormError } from '../../ui/form-error.js';
import { useReturnFocus } from '../../ui/use-return-focus.js';
import classes from './limits-page.module.css';

interface Draft {
  points: number | string;
  windowSeconds: number | string;
  burst: number | string;
}

/** Sets both limits of an endpoint; an empty number of calls takes that limit away. */
export function LimitEditor({ status, onClose }: { status: RateLimitStatus; onClose: () => void }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [paid, setPaid] = useState(draftOf(status.paid.policy));
  const [unpaid, setUnpaid] = useState(draftOf(status.unpaid.policy));
  const [reason, setReason] = useState('');
  const isWithout = policyOf(paid) === null && policyOf(unpaid) === null;
  const hadNone = status.paid.policy === null && status.unpaid.policy === null;
  const [isEmpty, setIsEmpty] = useState(false);
  useReturnFocus();
  const save = useMutation({
    mutationFn: () =>
      api.patch(`/v1/rate-limits/${status.endpointId}`, rateLimitStatusSchema, {
        paid: policyOf(paid),
        unpaid: policyOf(unpaid),
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['limits'] });
      const name = `${status.method} ${status.path}`;
      tellDone(isWithout ? `${name} has no limit any more.` : `The limits of ${name} hold from now on.`);
      onClose();
    },
  });
  const errors = fieldErrorsOf(save.error, ['paid', 'unpaid', 'reason']);
  return (
    <Modal opened onClose={onClose} size="lg" title={`Limits of ${status.method} ${status.path}`}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsEmpty(isWithout && hadNone);
          if (!isWithout || !hadNone) save.mutate();
        }}
      >
        <Fields
          title="Paid calls, for each payer"
          draft={paid}
          onChange={setPaid}
          error={isEmpty ? nothingSet : errors.paid}
          isFirst
        />
        <Fields title="Unpaid calls, for each address" draft={unpaid} onChange={setUnpaid} error={errors.unpaid} />
        <TextInput
          label="Reason (optional)"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={errors.reason}
        />
        <FormError error={Object.keys(errors).length > 0 ? null : save.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save limits
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const nothingSet = 'Nothing is set: give a number of calls here or below.';

interface FieldsProps {
  title: string;
  draft: Draft;
  onChange: (draft: Draft) => void;
  error: string | undefined;
  /** Where the focus begins. */
  isFirst?: boolean;
}

function Fields({ title, draft, onChange, error, isFirst = false }: FieldsProps) {
  const field = (name: keyof Draft, label: string, description: string) => (
    <NumberInput
      label={label}
      description={description}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      data-autofocus={(isFirst && name === 'points') || undefined}
      value={draft[name]}
      onChange={(value) => onChange({ ...draft, [name]: value })}
      error={name === 'points' ? error : undefined}
    />
  );
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <legend className={classes.sideTitle}>{title}</legend>
      <div className={classes.fields}>
        {field('points', 'Calls', 'Empty: no limit')}
        {field('windowSeconds', 'Window', 'Seconds')}
        {field('burst', 'Burst', 'More, now and then')}
      </div>
    </fieldset>
  );
}

function draftOf(policy: RatePolicy | null): Draft {
  return policy === null ? { points: '', windowSeconds: 60, burst: 0 } : { ...policy };
}

/** An empty number is sent as it is meant: no limit, or the usual window and no burst. */
function policyOf({ points, windowSeconds, burst }: Draft) {
  if (points === '') return null;
  return { points: Number(points), windowSeconds: Number(windowSeconds || 60), burst: Number(burst || 0) };
}
