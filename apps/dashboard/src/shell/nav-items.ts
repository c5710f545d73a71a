import type { Book } from '../api/book-context.js';
import { playsScenarios } from '../plays-scenarios.js';
import type { IconName } from '../ui/icon.js';

export type BadgeName = 'unmatched' | 'unknown' | 'webhooks' | 'health';

export interface NavItem {
  to:
    | '/'
    | '/payments'
    | '/failures'
    | '/unmatched'
    | '/reports'
    | '/endpoints'
    | '/limits'
    | '/scenarios'
    | '/webhooks'
    | '/health'
    | '/audit'
    | '/settings';
  name: string;
  icon: IconName;
  /** Opens the page after the key G. */
  letter: string;
  badge?: BadgeName;
  /** Takes the range along, since the page shows one. */
  hasRange?: boolean;
  /** Books that have the page; every book when left out. */
  isOf?: (book: Book['book']) => boolean;
}

export interface NavGroup {
  name: string;
  items: readonly NavItem[];
}

/** The pages in their order. A badge counts work, never news. */
export const navGroups: readonly NavGroup[] = [
  {
    name: 'Money',
    items: [
      { to: '/', name: 'Overview', icon: 'overview', letter: 'o', hasRange: true },
      { to: '/payments', name: 'Payments', icon: 'payments', letter: 'p', badge: 'unknown' },
      { to: '/failures', name: 'Failures', icon: 'failures', letter: 'f', hasRange: true },
      { to: '/unmatched', name: 'Unmatched', icon: 'unmatched', letter: 'u', badge: 'unmatched' },
      { to: '/reports', name: 'Reports', icon: 'reports', letter: 'r', hasRange: true },
    ],
  },
  {
    name: 'Selling',
    items: [
      { to: '/endpoints', name: 'Endpoints', icon: 'endpoints', letter: 'e' },
      { to: '/limits', name: 'Rate limits', icon: 'limits', letter: 'l' },
      { to: '/scenarios', name: 'Scenarios', icon: 'play', letter: 'c', isOf: playsScenarios },
    ],
  },
  {
    name: 'System',
    items: [
      { to: '/webhooks', name: 'Webhooks', icon: 'webhooks', letter: 'w', badge: 'webhooks' },
      { to: '/health', name: 'Health', icon: 'health', letter: 'h', badge: 'health' },
      { to: '/audit', name: 'Audit log', icon: 'audit', letter: 'a' },
      { to: '/settings', name: 'Settings', icon: 'settings', letter: 's' },
    ],
  },
];

/** What a phone shows at the bottom; the rest is behind More. */
export const phoneItems: readonly NavItem['to'][] = ['/', '/payments', '/unmatched', '/webhooks'];
