import type { PaymentDetail, TimelineItem } from '@tollbook/contract';
import { Disclosure } from '../../ui/disclosure.js';
import { formatGap } from '../../ui/format-time.js';
import { JsonView } from '../../ui/json-view.js';
import { TimeText } from '../../ui/time-text.js';
import { PaymentStatus } from './payment-status.js';
import classes from './payment-timeline.module.css';

/** Every step with its time, the gap since the one before, who says so, and what they showed. */
export function PaymentTimeline({ payment }: { payment: PaymentDetail }) {
  const { timeline } = payment;
  return (
    <ol className={classes.list}>
      {timeline.map((item, index) => (
        <Step key={`${item.at}-${item.type}-${index.toString()}`} item={item} before={timeline[index - 1]} />
      ))}
      {stepsToCome[payment.status]?.map((title) => (
        <li key={title} className={classes.step} data-coming>
          <span className={classes.dot} aria-hidden="true" />
          <div>
            <p className={classes.coming}>{title}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** What is still to happen; never a promise of when. */
const stepsToCome: Partial<Record<PaymentDetail['status'], readonly string[]>> = {
  processing: ['Seen on chain and confirmed', 'Final'],
  unknown: ['The chain answers', 'Final, or proved not to have happened'],
  confirmed: ['Final: the chain cannot take it back'],
};

/** The evidence opens below the line that says when and by whom. */
function Step({ item, before }: { item: TimelineItem; before: TimelineItem | undefined }) {
  const gapMs = before ? Date.parse(item.at) - Date.parse(before.at) : null;
  const meta = (
    <span className={classes.meta}>
      <TimeText at={item.at} isExact />
      {gapMs !== null && gapMs > 0 ? <span> · {formatGap(gapMs)} later</span> : null}
      <span> · by the {sourceOf(item.type)}</span>
    </span>
  );
  return (
    <li className={classes.step} data-status={item.status}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.body}>
        <p className={classes.line}>
          <span className={classes.title}>{item.title}</span>
          {item.status ? <PaymentStatus status={item.status} /> : null}
        </p>
        {item.evidence ? (
          <Disclosure label="Evidence" lead={meta}>
            <JsonView value={item.evidence} what={`evidence of ${item.title}`} />
          </Disclosure>
        ) : (
          meta
        )}
      </div>
    </li>
  );
}

/** Whose word a step is: the first part of its type says where it was written. */
function sourceOf(type: string): string {
  const [topic] = type.split('.');
  switch (topic) {
    case 'offer':
    case 'attempt':
      return 'gate';
    case 'transfer':
      return 'chain';
    case 'webhook':
    case 'delivery':
      return 'webhooks';
    default:
      return 'books';
  }
}
