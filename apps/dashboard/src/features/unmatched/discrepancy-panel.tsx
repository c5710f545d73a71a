import { Link } from '@tanstack/react-router';
import type { Discrepancy } from '@tollbook/contract';
import { AmountText } from '../../ui/amount-text.js';
import { Card } from '../../ui/card.js';
import { Facts } from '../../ui/facts.js';
import { HashText } from '../../ui/hash-text.js';
import { TimeText } from '../../ui/time-text.js';
import { discrepancyKinds } from '../payments/payment-flags.js';
import classes from './unmatched-page.module.css';

/** The evidence about one discrepancy, and what may be done. */
export function DiscrepancyPanel({ discrepancy }: { discrepancy: Discrepancy }) {
  const { kind, intentId, transferId } = discrepancy;
  return (
    <div className={classes.panel}>
      <Card title={discrepancyKinds[kind].name} note={discrepancyKinds[kind].means}>
        <Facts
          facts={[
            ['Amount', <AmountText key="amount" amountAtomic={discrepancy.amountAtomic} asset="USDC" />],
            ['Opened', <TimeText key="opened" at={discrepancy.openedAt} />],
            discrepancy.closedAt === null ? null : ['Closed', <TimeText key="closed" at={discrepancy.closedAt} />],
            discrepancy.resolution === null ? null : ['Outcome', discrepancy.resolution],
            intentId === null
              ? null
              : [
                  'Payment',
                  <Link key="payment" to="/payments/$id" params={{ id: intentId }}>
                    Open the payment
                  </Link>,
                ],
            transferId === null
              ? null
              : ['Transfer', <HashText key="transfer" value={transferId} what="transfer id" />],
          ]}
        />
      </Card>
    </div>
  );
}
