import { Link, useSearch } from '@tanstack/react-router';
import type { FailureLine } from '@tollbook/contract';
import type { RangeSearch } from '../../range.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { formatNumber } from '../../ui/format-count.js';
import { fixerNames } from '../failures/fixer-name.js';
import { reasonName } from '../failures/reason-name.js';
import classes from './top-failures.module.css';

/** The reasons that failed most, and who can fix each. */
export function TopFailures({ failures }: { failures: readonly FailureLine[] }) {
  const { range, from, to }: RangeSearch = useSearch({ strict: false });
  const most = Math.max(...failures.map(({ count }) => count), 1);
  return (
    <Card
      title="Failures by reason"
      action={
        <Link to="/failures" search={{ range, from, to }}>
          All failures
        </Link>
      }
    >
      {failures.length === 0 ? (
        <EmptyState title="Nothing failed">Refused and failed payments of these days appear here.</EmptyState>
      ) : (
        <ul className={classes.list}>
          {failures.map((line) => (
            <li key={line.reason} className={classes.row}>
              <span className={classes.name}>{reasonName(line.reason)}</span>
              <span className={classes.count}>{formatNumber(line.count)}</span>
              <span className={classes.track} aria-hidden="true">
                <span className={classes.bar} style={{ width: `${(line.count / most) * 100}%` }} />
              </span>
              <span className={classes.note}>Can be fixed by: {fixerNames[line.fixer].name.toLowerCase()}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
