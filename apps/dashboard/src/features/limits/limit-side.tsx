import { Button } from '@mantine/core';
import type { LimitedSubject, RateLimitSide, RatePolicy } from '@tollbook/contract';
import { Chip } from '../../ui/chip.js';
import { formatCount, formatNumber } from '../../ui/format-count.js';
import { HashText } from '../../ui/hash-text.js';
import { PlainTable } from '../../ui/plain-table.js';
import { TimeText } from '../../ui/time-text.js';
import type { ExceptionSubject } from './exception-editor.js';
import classes from './limits-page.module.css';

const nearFrom = 0.8;

export interface LimitSideProps {
  title: string;
  /** Whom the limit counts. */
  who: 'payer' | 'address';
  side: RateLimitSide;
  /** Null for whoever may only look. */
  onExcept: ((subject: ExceptionSubject) => void) | null;
}

/** One limit as a bar: how much of it the nearest subject has used, and who was held back. */
export function LimitSide({ title, who, side, onExcept }: LimitSideProps) {
  const { policy } = side;
  return (
    <section className={classes.side} aria-label={title}>
      <div className={classes.sideHead}>
        <h3 className={classes.sideTitle}>{title}</h3>
        <span className="tb-muted tb-small">{policy === null ? 'no limit' : policyText(policy, who)}</span>
      </div>
      {policy === null ? null : <UsageBar side={side} policy={policy} who={who} />}
      <Hours side={side} />
      {policy === null && side.hours.length === 0 ? null : <Counts side={side} />}
      {side.topLimited.length === 0 ? null : (
        <PlainTable
          label={`${title}: most held back`}
          heads={[who === 'payer' ? 'Payer' : 'Address', 'Held back, 24 h', 'Seen', '']}
          rows={side.topLimited.slice(0, 5).map((subject) => subjectRow(subject, who, onExcept))}
          empty=""
        />
      )}
    </section>
  );
}

function Counts({ side }: { side: RateLimitSide }) {
  return (
    <dl className={classes.counts}>
      <div>
        <dt className="tb-muted">Let through, 1 h</dt>
        <dd className="tb-num">{formatNumber(side.allowedLastHour)}</dd>
      </div>
      <div>
        <dt className="tb-muted">Held back, 1 h</dt>
        <dd className="tb-num">{formatNumber(side.throttledLastHour)}</dd>
      </div>
    </dl>
  );
}

function UsageBar({ side, policy, who }: { side: RateLimitSide; policy: RatePolicy; who: string }) {
  const allowed = policy.points + policy.burst;
  const share = Math.min(1, side.used / allowed);
  const level = side.left === 0 && side.used > 0 ? 'full' : share >= nearFrom ? 'near' : 'fine';
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        <div className={classes.used} data-level={level} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tb-small tb-muted">
        <span className="tb-num">
          {formatNumber(side.used)} of {formatNumber(policy.points)} used by the nearest {who}
        </span>
        {level === 'full' ? (
          <>
            {' '}
            <Chip tone="bad" isSmall icon="slash">
              Limited
            </Chip>
          </>
        ) : null}
        {level === 'near' ? (
          <>
            {' '}
            <Chip tone="warn" isSmall>
              Close
            </Chip>
          </>
        ) : null}
        {side.resetsAt === null ? null : (
          <>
            {' '}
            · resets <TimeText at={side.resetsAt} />
          </>
        )}
      </p>
    </div>
  );
}

/** The last day by hours, let through below and held back above; the same in words for a screen reader. */
function Hours({ side }: { side: RateLimitSide }) {
  if (side.hours.length === 0) return null;
  const max = Math.max(...side.hours.map(({ allowed, throttled }) => allowed + throttled), 1);
  return (
    <figure style={{ margin: 0 }}>
      <div className={classes.hours} aria-hidden="true">
        {side.hours.map(({ startsAt, allowed, throttled }) => (
          <div key={startsAt} className={classes.hour} title={`${allowed} let through, ${throttled} held back`}>
            <span className={classes.throttled} style={{ height: `${(throttled / max) * 100}%` }} />
            <span className={classes.allowed} style={{ height: `${(allowed / max) * 100}%` }} />
          </div>
        ))}
      </div>
      <figcaption className="tb-small tb-muted">
        Last 24 hours: {formatNumber(side.allowedLast24h)} let through, {formatNumber(side.throttledLast24h)} held back
      </figcaption>
    </figure>
  );
}

function subjectRow(subject: LimitedSubject, who: string, onExcept: LimitSideProps['onExcept']) {
  return [
    <HashText key="subject" value={subject.subject} what={who} />,
    subject.throttledLast24h,
    <TimeText key="seen" at={subject.lastSeenAt} />,
    subject.overrideId === null ? (
      onExcept && (
        <Button key="except" variant="subtle" size="compact-sm" onClick={() => onExcept(subject)}>
          Except<span className="tb-visually-hidden"> {subject.subject}</span>
        </Button>
      )
    ) : (
      <Chip key="override" tone="info" isSmall>
        Exception
      </Chip>
    ),
  ];
}

function policyText({ points, windowSeconds, burst }: RatePolicy, who: string): string {
  const window = windowSeconds === 60 ? 'a minute' : `in ${windowSeconds} s`;
  const extra = burst === 0 ? '' : `, burst of ${burst}`;
  return `${formatCount(points, 'call', 'calls')} ${window} for each ${who}${extra}`;
}
