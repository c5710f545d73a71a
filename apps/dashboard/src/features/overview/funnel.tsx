import type { FunnelStep } from '@tollbook/contract';
import { Card } from '../../ui/card.js';
import { formatNumber, formatShare } from '../../ui/format-count.js';
import { reasonName } from '../failures/reason-name.js';
import classes from './funnel.module.css';

const names: Readonly<Record<FunnelStep['step'], string>> = {
  offered: 'Offered',
  signed: 'Signed',
  verified: 'Verified',
  settled: 'Settled',
  served: 'Served',
};

/** From the offer to the answer: how many went on at each step, and why most of the others did not. */
export function Funnel({ steps }: { steps: readonly FunnelStep[] }) {
  const most = Math.max(...steps.map(({ count }) => count), 1);
  return (
    <Card title="From offer to answer" note="Every 402 that was sent, and how far it got">
      <ol className={classes.steps}>
        {steps.map(({ step, count, topReason }, index) => {
          const before = steps[index - 1];
          const share = before && before.count > 0 ? count / before.count : null;
          return (
            <li key={step} className={classes.step}>
              <span className={classes.name}>{names[step]}</span>
              <span className={classes.track} aria-hidden="true">
                <span className={classes.bar} style={{ width: `${(count / most) * 100}%` }} />
              </span>
              <span className={classes.count}>{formatNumber(count)}</span>
              <span className={classes.note}>
                {share === null || share > 1 ? '' : `${formatShare(share)} of the step before`}
                {topReason === null ? '' : ` · most lost: ${reasonName(topReason)}`}
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
