import type { PaymentIntent } from '@tollbook/contract';
import { reasonName } from '../failures/reason-name.js';
import classes from './payment-reason.module.css';

/** Beside the chip: why it failed, or that an offer which still stands was tried and not served. */
export function PaymentReason({ payment }: { payment: Pick<PaymentIntent, 'status' | 'failureReason'> }) {
  const { status, failureReason } = payment;
  if (failureReason === null) return null;
  const text = reasonName(failureReason);
  return (
    <span className={classes.reason} title={text}>
      {status === 'open' ? `Not served, may be retried: ${text}` : text}
    </span>
  );
}
