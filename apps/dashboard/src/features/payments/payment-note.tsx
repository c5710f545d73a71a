import type { PaymentDetail } from '@tollbook/contract';
import { Notice } from '../../ui/notice.js';
import { reasonName } from '../failures/reason-name.js';
import { hasMoneyCome } from './has-money-come.js';

/** What a doubtful status means for the money, and that there is nothing to do. */
export function PaymentNote({ payment }: { payment: PaymentDetail }) {
  const { status, failureReason } = payment;
  const why = failureReason === null ? null : `${reasonName(failureReason)}.`;
  if (status === 'unknown') {
    return (
      <Notice tone="warn">
        <strong>Outcome unknown.</strong> The settlement was sent and no answer came in time. The payment may have
        settled; we check the chain every few seconds. Nothing for you to do, and do not charge again.
      </Notice>
    );
  }
  if (hasMoneyCome(payment)) {
    return (
      <Notice tone="warn">
        <strong>Its money came all the same.</strong> The buyer was told that it did not go through. {why}{' '}
        {payment.discrepancies.includes('late')
          ? 'It is booked beside your income: send it back, or keep it and close what is open about it.'
          : null}
      </Notice>
    );
  }
  if (status === 'failed') {
    return (
      <Notice tone="bad">
        <strong>Failed.</strong> Nothing was taken from the buyer. {why}
      </Notice>
    );
  }
  if (status === 'open' && why !== null) {
    return (
      <Notice tone="warn">
        <strong>Not served, may be retried.</strong> Nothing was taken from the buyer. {why} The same payment can be
        tried again until its offer ends; then it is told as failed.
      </Notice>
    );
  }
  return null;
}
