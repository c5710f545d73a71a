import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type PaymentDetail, type Refund, refundSchema } from '@tollbook/contract';
import { useState } from 'react';
import { useBook, useMay } from '../../api/book-context.js';
import { fieldErrorsOf } from '../../api/field-errors.js';
import { tellDone } from '../../api/tell.js';
import { Card } from '../../ui/card.js';
import { Chip, type Tone } from '../../ui/chip.js';
import { CopyButton } from '../../ui/copy-button.js';
import { FormError } from '../../ui/form-error.js';
import { HashText } from '../../ui/hash-text.js';
import { Notice } from '../../ui/notice.js';
import { TimeText } from '../../ui/time-text.js';
import { explorerLink } from '../networks/explorer-link.js';
import classes from './payment-refunds.module.css';

const statuses: Readonly<Record<Refund['status'], { name: string; tone: Tone }>> = {
  recorded: { name: 'Waiting for its transfer', tone: 'warn' },
  confirmed: { name: 'Confirmed', tone: 'ok' },
  final: { name: 'Final', tone: 'ok' },
  canceled: { name: 'Canceled', tone: 'neutral' },
};

/** What is given back of a payment: announced here, sent from any wallet of the book, found on the chain. */
export function PaymentRefunds({ payment }: { payment: PaymentDetail }) {
  const mayWrite = useMay('payments:write');
  const [isOpen, setIsOpen] = useState(false);
  const canRefund = mayWrite && payment.refundable !== '0';
  if (payment.refunds.length === 0 && !canRefund) return null;
  return (
    <Card
      title="Refunds"
      action={
        canRefund ? (
          <Button variant="default" size="xs" onClick={() => setIsOpen(true)}>
            Record refund
          </Button>
        ) : null
      }
    >
      {payment.refunds.length === 0 ? (
        <p className="tb-muted">
          Up to {payment.refundable} {payment.asset} can be given back.
        </p>
      ) : (
        <ul className={classes.list} aria-label="Refunds of this payment">
          {payment.refunds.map((refund) => (
            <li key={refund.id} className={classes.refund}>
              <RefundItem refund={refund} mayWrite={mayWrite} />
            </li>
          ))}
        </ul>
      )}
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title="Record refund">
        <RecordRefund payment={payment} onDone={() => setIsOpen(false)} />
      </Modal>
    </Card>
  );
}

function RefundItem({ refund, mayWrite }: { refund: Refund; mayWrite: boolean }) {
  const { api } = useBook();
  const [asked, setAsked] = useState<'link' | 'cancel' | null>(null);
  const { name, tone } = statuses[refund.status];
  const isWaiting = refund.status === 'recorded';
  const change = useRefundChange((body: Record<string, string>) =>
    api.post(`/v1/refunds/${refund.id}/${asked ?? 'link'}`, refundSchema, body),
  );
  return (
    <>
      <div className={classes.line}>
        <strong>
          {refund.amount} {refund.asset}
        </strong>
        <Chip tone={tone}>{name}</Chip>
      </div>
      <p className="tb-small tb-muted">
        {refund.reason} · <TimeText at={refund.createdAt} />
      </p>
      {refund.txHash === null ? null : (
        <p className="tb-small">
          <HashText
            value={refund.txHash}
            what="refund transaction"
            href={explorerLink(refund.network, refund.txHash)}
          />
        </p>
      )}
      {isWaiting ? (
        <Notice tone="info">
          Send exactly {refund.amount} {refund.asset} from any wallet of this book to{' '}
          <span className={classes.address}>{refund.to}</span> <CopyButton text={refund.to} what="refund address" />. It
          is found by its amount.
        </Notice>
      ) : null}
      {isWaiting && mayWrite ? (
        <div className={classes.buttons}>
          <Button variant="default" size="xs" onClick={() => setAsked('link')}>
            Name transaction
          </Button>
          <Button variant="default" size="xs" onClick={() => setAsked('cancel')}>
            Cancel refund
          </Button>
        </div>
      ) : null}
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked === 'cancel' ? 'Cancel refund' : 'Name its transaction'}
      >
        <ChangeRefund
          what={asked ?? 'link'}
          isPending={change.isPending}
          error={change.error}
          onSubmit={(body) => change.mutate(body, { onSuccess: () => setAsked(null) })}
        />
      </Modal>
    </>
  );
}

interface ChangeRefundProps {
  what: 'link' | 'cancel';
  isPending: boolean;
  error: Error | null;
  onSubmit: (body: Record<string, string>) => void;
}

function ChangeRefund({ what, isPending, error, onSubmit }: ChangeRefundProps) {
  const [txHash, setTxHash] = useState('');
  const [reason, setReason] = useState('');
  const errors = fieldErrorsOf(error, ['txHash', 'reason'], { reason: 'Say why, in a few words.' });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ reason: reason.trim(), ...(what === 'link' ? { txHash: txHash.trim() } : {}) });
      }}
    >
      {what === 'link' ? (
        <TextInput
          label="Transaction hash"
          description="Of the transfer that gave the money back"
          required
          value={txHash}
          onChange={(event) => setTxHash(event.currentTarget.value)}
          error={errors.txHash}
        />
      ) : null}
      <TextInput
        label="Reason"
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={errors.reason}
      />
      <FormError error={errors.txHash || errors.reason ? null : error} />
      <Button type="submit" loading={isPending}>
        {what === 'link' ? 'Name transaction' : 'Cancel refund'}
      </Button>
    </form>
  );
}

function RecordRefund({ payment, onDone }: { payment: PaymentDetail; onDone: () => void }) {
  const { api } = useBook();
  const [amount, setAmount] = useState(payment.refundable);
  const [to, setTo] = useState(payment.payer ?? '');
  const [reason, setReason] = useState('');
  const record = useRefundChange(() =>
    api.post('/v1/refunds', refundSchema, {
      paymentId: payment.id,
      amount: amount.trim(),
      ...(to.trim() === '' ? {} : { to: to.trim() }),
      reason: reason.trim(),
    }),
  );
  const errors = fieldErrorsOf(record.error, ['amount', 'to', 'reason'], { reason: 'Say why, in a few words.' });
  const isFieldError = Boolean(errors.amount || errors.to || errors.reason);
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate({}, { onSuccess: onDone });
      }}
    >
      <p className="tb-muted">
        This moves no money: Tollbook holds no key. Send it from your wallet afterwards; the books follow the chain.
      </p>
      <TextInput
        label={`Amount (${payment.asset})`}
        description={`Up to ${payment.refundable}`}
        required
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={errors.amount}
      />
      <TextInput
        label="To"
        description="Whoever paid, unless they asked for another address"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={errors.to}
      />
      <TextInput
        label="Reason"
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={errors.reason}
      />
      <FormError error={isFieldError ? null : record.error} />
      <Button type="submit" loading={record.isPending}>
        Record refund
      </Button>
    </form>
  );
}

/** A change of a refund, after which what is shown is read again. */
function useRefundChange(change: (body: Record<string, string>) => Promise<Refund>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async ({ status }) => {
      tellDone(status === 'canceled' ? 'The refund was canceled.' : 'The refund is on record.');
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'live' || queryKey[0] === 'sums',
      });
    },
  });
}
