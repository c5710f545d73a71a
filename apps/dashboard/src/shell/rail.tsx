import { Link, useSearch } from '@tanstack/react-router';
import type { RangeSearch } from '../range.js';
import { Icon } from '../ui/icon.js';
import { Logo } from '../ui/logo.js';
import { NavBadge } from './nav-badge.js';
import type { NavItem } from './nav-items.js';
import classes from './rail.module.css';
import { useNavGroups } from './use-nav.js';

export interface RailProps {
  isNarrow: boolean;
  onToggle: () => void;
}

/** The pages, in groups, at the side. */
export function Rail({ isNarrow, onToggle }: RailProps) {
  const navGroups = useNavGroups();
  return (
    <div className={classes.rail} data-narrow={isNarrow || undefined}>
      <div className={classes.head}>
        <Link to="/" className={classes.home} aria-label="Tollbook, to the overview">
          <span className={classes.whole}>
            <Logo />
          </span>
          <span className={classes.mark}>
            <Logo withoutWord />
          </span>
        </Link>
      </div>
      <nav aria-label="Pages" className={classes.nav}>
        {navGroups.map(({ name, items }) => (
          <div key={name} className={classes.group}>
            <p className={classes.groupName} id={`nav-${name}`}>
              {name}
            </p>
            <ul aria-labelledby={`nav-${name}`}>
              {items.map((item) => (
                <li key={item.to}>
                  <RailLink item={item} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <button type="button" className={classes.toggle} onClick={onToggle} aria-expanded={!isNarrow}>
        <Icon name="collapse" />
        <span className={classes.word}>{isNarrow ? 'Widen' : 'Collapse'}</span>
      </button>
    </div>
  );
}

function RailLink({ item }: { item: NavItem }) {
  const { range, from, to, cmp }: RangeSearch = useSearch({ strict: false });
  return (
    <Link
      to={item.to}
      search={item.hasRange ? { range, from, to, cmp } : {}}
      className={classes.link ?? ''}
      activeProps={{ 'data-active': true }}
      activeOptions={{ exact: item.to === '/', includeSearch: false }}
      title={item.name}
    >
      <Icon name={item.icon} size={18} />
      <span className={classes.word}>{item.name}</span>
      {item.badge ? <NavBadge name={item.badge} /> : null}
    </Link>
  );
}
