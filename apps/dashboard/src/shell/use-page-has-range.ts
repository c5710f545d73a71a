import { useLocation } from '@tanstack/react-router';
import { navItems } from './nav-items.js';

/** Whether the page that is open speaks of a range of days. */
export function usePageHasRange(): boolean {
  const { pathname } = useLocation();
  return pathname === '/refusals' || navItems.some(({ to, hasRange }) => hasRange && to === pathname);
}
