import { useLocation } from '@tanstack/react-router';
import { useNavItems } from './use-nav.js';

/** Whether the page that is open speaks of a range of days. */
export function usePageHasRange(): boolean {
  const { pathname } = useLocation();
  const items = useNavItems();
  return pathname === '/refusals' || items.some(({ to, hasRange }) => hasRange && to === pathname);
}
