import { CloseButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PaymentDetail } from '@tollbook/contract';
import { useEffect, useRef } from 'react';
import { useBook } from '../../api/book-context.js';
import { AmountText } from '../../ui/amount-text.js';
import { QueryView } from '../../ui/query-view.js';
import { PaymentFacts } from './payment-facts.js';
import { PaymentFlags } from './payment-flags.js';
import { PaymentNote } from './payment-note.js';
import classes from './payment-peek.module.css';
import { paymentQuery } from './payment-query.js';
import { PaymentStatus } from './payment-status.js';
import { PaymentTimeline } from './payment-timeline.js';

/** A payment beside its list, which stays where it is. */
export function PaymentPeek({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useBook();
  const query = useQuery(paymentQuery(api, id));
  useEscape(onClose);
  return (
    <aside className={classes.peek} aria-label="Payment beside the list">
      <div className={classes.tools}>
        <Link to="/payments/$id" params={{ id }}>
          Open payment
        </Link>
        <CloseButton aria-label="Close the panel" onClick={onClose} />
      </div>
      <QueryView query={query} failure="The payment could not be loaded">
        {(payment) => <Peeked payment={payment} />}
      </QueryView>
    </aside>
  );
}

function Peeked({ payment }: { payment: PaymentDetail }) {
  return (
    <div className={classes.body}>
      <div className={classes.head}>
        <h2 className={classes.amount}>
          <AmountText amountAtomic={payment.amountAtomic} asset={payment.asset} />
        </h2>
        <PaymentStatus status={payment.status} />
        <PaymentFlags kinds={payment.discrepancies} />
      </div>
      <PaymentNote payment={payment} />
      <PaymentFacts payment={payment} />
      <h3 className={classes.title}>Timeline</h3>
      <PaymentTimeline payment={payment} />
    </div>
  );
}

/** Closes this layer, unless another lies above it. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"]') === null) latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
