import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Discrepancy,
  discrepancyLinkSchema,
  type PaymentIntent,
  paymentIntentListSchema,
} from '@tollbook/contract';
import { useState } from 'react';
import { useBook } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { FormError } from '../../ui/form-error.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { PaymentStatus } from '../payments/payment-status.js';
import classes from './unmatched-page.module.css';

const candidatesMax = 8;
const typingMs = 300;

export interface LinkByHandProps {
  discrepancy: Discrepancy;
  /** Whose payments are offered first. */
  sender: string | null;
}

/** Gives unexplained money to the payment it was meant for; the worker books it, and says when it could not. */
export function LinkByHand({ discrepancy, sender }: LinkByHandProps) {
  const { api } = useBook();
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [q] = useDebouncedValue(text.trim() || (sender ?? ''), typingMs);
  const found = useQuery({
    queryKey: ['payments-by-q', api.bookSlug, q],
    queryFn: ({ signal }) => api.get('/v1/payments', paymentIntentListSchema, { q, limit: candidatesMax }, signal),
    enabled: q !== '',
    retry: false,
  });
  const link = useMutation({
    mutationFn: (paymentId: string) =>
      api.post(`/v1/discrepancies/${discrepancy.id}/link`, discrepancyLinkSchema, { paymentId, reason: reason.trim() }),
    onSuccess: async ({ status }) => {
      if (status !== 'refused') {
        tellDone(status === 'done' ? 'The money belongs to that payment now.' : 'It is booked in a moment.');
      }
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'live' || queryKey[0] === 'sums',
      });
    },
  });
  const errors = fieldErrorsOf(link.error, ['reason'], { reason: 'Say why it belongs to that payment.' });
  const candidates = found.data?.data ?? [];
  const named = text.trim();
  // A payment that nobody tried to make stands in no list, and can be named by its id all the same.
  const isNamedAlone = /^pi_[a-z2-7]{26}$/.test(named) && !candidates.some(({ id }) => id === named);
  return (
    <Card
      title="Link to a payment"
      note="The money is booked to that payment. The audit log keeps who did it, and why."
    >
      <div className={classes.form}>
        <TextInput
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={errors.reason}
        />
        <TextInput
          label="Payment"
          description="Its id, invoice no., order id or payer; payments of the same sender stand below"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {link.data?.status === 'refused' ? (
          <Notice tone="warn">{link.data.refusal ?? 'It could not be linked.'} Nothing was changed.</Notice>
        ) : null}
        <FormError error={errors.reason ? null : (link.error ?? found.error)} />
        <ul aria-label="Payments it may belong to">
          {candidates.map((payment) => (
            <li key={payment.id} className={classes.candidate}>
              <Candidate payment={payment} isSameAmount={payment.amountAtomic === discrepancy.amountAtomic} />
              <Button
                variant="default"
                size="xs"
                loading={link.isPending && link.variables === payment.id}
                onClick={() => link.mutate(payment.id)}
              >
                Link to this
              </Button>
            </li>
          ))}
          {isNamedAlone ? (
            <li className={classes.candidate}>
              <HashText value={named} what="payment id" />
              <Button variant="default" size="xs" loading={link.isPending} onClick={() => link.mutate(named)}>
                Link to this
              </Button>
            </li>
          ) : null}
        </ul>
        {found.data?.data.length === 0 && !isNamedAlone ? (
          <p className="tb-muted">
            {named === '' ? 'No payment of this sender is known: name one above.' : 'No payment is found by that.'}
          </p>
        ) : null}
      </div>
    </Card>
  );
}

function Candidate({ payment, isSameAmount }: { payment: PaymentIntent; isSameAmount: boolean }) {
  return (
    <div>
      <AmountText amountAtomic={payment.amountAtomic} asset={payment.asset} /> <PaymentStatus status={payment.status} />
      <p className="tb-small tb-muted">
        <HashText value={payment.id} what="payment id" /> · <TimeText at={payment.createdAt} />
        {isSameAmount ? ' · the same amount' : ''}
      </p>
    </div>
  );
}
