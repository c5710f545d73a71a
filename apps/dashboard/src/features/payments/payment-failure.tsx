import { Link } from '@tanstack/react-router';
import type { Attempt, PaymentDetail } from '@tollbook/contract';
import { Card } from '../../ui/card.js';
import { Disclosure } from '../../ui/disclosure.js';
import { TimeText } from '../../ui/time-text.js';
import { reasonName } from '../failures/reason-name.js';
import { ComparisonTable } from '../refusals/comparison-table.js';
import classes from './payment-failure.module.css';

/** Why tries came to nothing: the newest one open, those before it on request. */
export function PaymentFailure({ payment }: { payment: PaymentDetail }) {
  const [newest, ...earlier] = payment.attempts.filter(({ status }) => status === 'failed').toReversed();
  if (newest === undefined) return null;
  return (
    <Card
      title={reasonName(newest.reason ?? 'failed')}
      note={<TimeText at={newest.createdAt} isExact />}
      action={
        <Link to="/refusals" search={{ payment: payment.id }}>
          Refused before it
        </Link>
      }
    >
      <Failed attempt={newest} />
      {earlier.length === 0 ? null : (
        <Disclosure label={earlier.length === 1 ? 'One try before it' : `${earlier.length} tries before it`}>
          {earlier.map((attempt) => (
            <div key={attempt.id} className={classes.earlier}>
              <h3 className={classes.title}>
                {reasonName(attempt.reason ?? 'failed')} <TimeText at={attempt.createdAt} isExact />
              </h3>
              <Failed attempt={attempt} />
            </div>
          ))}
        </Disclosure>
      )}
    </Card>
  );
}

function Failed({ attempt: { nextStep, rawReason, comparison } }: { attempt: Attempt }) {
  return (
    <div className={classes.body}>
      {nextStep === null ? null : <p>{nextStep}</p>}
      {rawReason === null ? null : (
        <p>
          <span className="tb-muted">Said by the facilitator or the node:</span>{' '}
          <span className={classes.raw}>{rawReason}</span>
        </p>
      )}
      {comparison.length === 0 ? null : <ComparisonTable lines={comparison} />}
    </div>
  );
}
