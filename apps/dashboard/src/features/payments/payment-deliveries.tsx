import { Link } from '@tanstack/react-router';
import type { Delivery } from '@tollbook/contract';
import { formatCount } from '../../ui/format-count.js';
import { TimeText } from '../../ui/time-text.js';
import { DeliveryStatus } from '../webhooks/delivery-status.js';
import classes from './payment-deliveries.module.css';

/** Who was told of this payment, and whether they heard. */
export function PaymentDeliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  return (
    <ul className={classes.list}>
      {deliveries.map((delivery) => (
        <li key={delivery.id} className={classes.row}>
          <div>
            <Link to="/webhooks/$id" params={{ id: delivery.webhookEndpointId }} search={{ delivery: delivery.id }}>
              {delivery.eventType}
            </Link>
            <p className={classes.meta}>
              {formatCount(delivery.tries, 'try', 'tries')}
              {delivery.lastHttpStatus === null ? '' : ` · answered ${delivery.lastHttpStatus}`}
              {delivery.nextAttemptAt === null ? null : (
                <>
                  {' · next '}
                  <TimeText at={delivery.nextAttemptAt} />
                </>
              )}
            </p>
          </div>
          <DeliveryStatus status={delivery.status} />
        </li>
      ))}
    </ul>
  );
}
