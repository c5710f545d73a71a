import { useBook } from '../api/book-context.js';
import { type NavGroup, type NavItem, navGroups } from './nav-items.js';

/** The pages that the open book has, in their groups. */
export function useNavGroups(): readonly NavGroup[] {
  const { book } = useBook();
  return navGroups.map((group) => ({ ...group, items: group.items.filter(({ isOf }) => isOf?.(book) ?? true) }));
}

/** The same, one after another. */
export function useNavItems(): readonly NavItem[] {
  return useNavGroups().flatMap(({ items }) => items);
}
