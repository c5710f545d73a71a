import type { RateLimitOverride } from '@tollbook/contract';
import { HashText } from '../../ui/hash-text.js';
import { PlainTable } from '../../ui/plain-table.js';
import { TimeText } from '../../ui/time-text.js';
import classes from './limits-page.module.css';

const actions: Readonly<Record<RateLimitOverride['action'], string>> = {
  allow: 'let through always',
  block: 'refused always',
  limit: 'a limit of its own',
};

/** The exceptions that hold at an endpoint. */
export function LimitOverrides({ overrides }: { overrides: readonly RateLimitOverride[] }) {
  if (overrides.length === 0) return null;
  return (
    <div className={classes.overrides}>
      <h3 className={classes.sideTitle}>Exceptions</h3>
      <PlainTable
        label="Exceptions"
        heads={['Who', 'What', 'Until', 'Reason']}
        rows={overrides.map(({ subject, subjectKind, action, policy, expiresAt, reason }) => [
          <HashText key="who" value={subject} what={subjectKind} />,
          policy === null ? actions[action] : `${policy.points} in ${policy.windowSeconds} s`,
          <TimeText key="until" at={expiresAt} otherwise="taken back" />,
          reason || '—',
        ])}
        empty=""
      />
    </div>
  );
}
