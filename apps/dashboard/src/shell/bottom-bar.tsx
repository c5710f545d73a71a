import { Drawer } from '@mantine/core';
import { Link, useLocation, useMatchRoute } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Icon } from '../ui/icon.js';
import { AccountActions } from './account-menu.js';
import classes from './bottom-bar.module.css';
import { NavBadge } from './nav-badge.js';
import { phoneItems } from './nav-items.js';
import { useNavItems } from './use-nav.js';

/** The pages on a phone: four at the bottom, the rest behind More. */
export function BottomBar() {
  const [isOpen, setIsOpen] = useState(false);
  const { pathname } = useLocation();
  const navItems = useNavItems();
  const matches = useMatchRoute();
  const isBehindMore = !phoneItems.some((to) => matches({ to, fuzzy: to !== '/' }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what closes the sheet
  useEffect(() => setIsOpen(false), [pathname]);
  return (
    <>
      <nav aria-label="Main pages" className={classes.bar}>
        {navItems
          .filter(({ to }) => phoneItems.includes(to))
          .map((item) => (
            <Link
              key={item.to}
              to={item.to}
              className={classes.link ?? ''}
              activeProps={{ 'data-active': true }}
              activeOptions={{ exact: item.to === '/', includeSearch: false }}
            >
              <span className={classes.icon}>
                <Icon name={item.icon} size={20} />
                {item.badge ? <NavBadge name={item.badge} /> : null}
              </span>
              {item.name}
            </Link>
          ))}
        <button
          type="button"
          className={classes.link}
          onClick={() => setIsOpen(true)}
          aria-haspopup="dialog"
          data-active={isBehindMore || undefined}
        >
          <Icon name="more" size={20} />
          More
        </button>
      </nav>
      <Drawer opened={isOpen} onClose={() => setIsOpen(false)} position="bottom" size="auto" title="More" zIndex={300}>
        <ul className={classes.sheet}>
          {navItems
            .filter(({ to }) => !phoneItems.includes(to))
            .map((item) => (
              <li key={item.to}>
                <Link to={item.to} className={classes.row ?? ''} activeProps={{ 'data-active': true }}>
                  <Icon name={item.icon} size={18} />
                  <span>{item.name}</span>
                  {item.badge ? <NavBadge name={item.badge} /> : null}
                </Link>
              </li>
            ))}
        </ul>
        <AccountActions />
      </Drawer>
    </>
  );
}
