import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Endpoint, endpointSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import classes from './editor.module.css';
import { settleModes } from './settle-modes.js';

/** When money moves, and whether payments must be named. Offers that stand keep the terms they were made with. */
export function EndpointSettings({ endpoint }: { endpoint: Endpoint }) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [settleMode, setSettleMode] = useState(endpoint.settleMode);
  const [isRequired, setIsRequired] = useState(endpoint.paymentIdentifier === 'required');
  const [reason, setReason] = useState('');
  const paymentIdentifier = isRequired ? 'required' : 'optional';
  const isChanged = settleMode !== endpoint.settleMode || paymentIdentifier !== endpoint.paymentIdentifier;
  const save = useMutation({
    mutationFn: () =>
      api.patch(`/v1/endpoints/${endpoint.id}`, endpointSchema, {
        settleMode,
        paymentIdentifier,
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['endpoints'] });
      setReason('');
      tellDone('New offers hold these settings.');
    },
  });
  const errors = fieldErrorsOf(save.error, ['settleMode', 'paymentIdentifier', 'reason']);
  return (
    <Card title="Settings" note="Offers that stand keep the terms they were made with.">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Select
          label="Money moves"
          data={settleModes}
          allowDeselect={false}
          value={settleMode}
          onChange={(value) => setSettleMode(value === 'before' ? 'before' : 'after')}
          error={errors.settleMode}
        />
        <Switch
          label="Payment identifier required"
          description="Payments must bring a name of the buyer’s own: then a retry is answered, never charged again. Clients of x402 version 1 cannot."
          checked={isRequired}
          onChange={(event) => setIsRequired(event.currentTarget.checked)}
          error={errors.paymentIdentifier}
        />
        <TextInput
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={errors.reason}
        />
        <FormError error={Object.keys(errors).length > 0 ? null : save.error} />
        <div>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save settings
          </Button>
        </div>
      </form>
    </Card>
  );
}
