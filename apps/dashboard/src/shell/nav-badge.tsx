import { formatNumber } from '../ui/format-count.js';
import classes from './nav-badge.module.css';
import type { BadgeName } from './nav-items.js';
import { useWork } from './use-work.js';

const words: Readonly<Record<BadgeName, string>> = {
  unmatched: 'unmatched, to look at',
  unknown: 'with unknown outcome',
  webhooks: 'failing',
  health: '',
};

/** How much work waits behind a link; nothing where there is none. */
export function NavBadge({ name }: { name: BadgeName }) {
  const work = useWork();
  if (name === 'health') {
    return (
      <span className={classes.dot} data-state={work.health}>
        <span className="tb-visually-hidden">, {healthWords[work.health]}</span>
      </span>
    );
  }
  const count = work[name];
  if (count === 0) return null;
  return (
    <span className={classes.badge}>
      <span className="tb-num">{count > 99 ? '99+' : formatNumber(count)}</span>
      <span className="tb-visually-hidden"> {words[name]}</span>
    </span>
  );
}

const healthWords = {
  ok: 'all is well',
  warning: 'something wants a look',
  failing: 'something fails',
  unknown: 'not known yet',
} as const;
