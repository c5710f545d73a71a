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
    | '/webhooks'
    | '/health'
    | '/audit'
    | '/settings';
  name: string;
  icon: IconName;
  badge?: BadgeName;
  /** Takes the range along, since the page shows one. */
  hasRange?: boolean;
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
      { to: '/', name: 'Overview', icon: 'overview', hasRange: true },
      { to: '/payments', name: 'Payments', icon: 'payments', badge: 'unknown' },
      { to: '/failures', name: 'Failures', icon: 'failures', hasRange: true },
      { to: '/unmatched', name: 'Unmatched', icon: 'unmatched', badge: 'unmatched' },
      { to: '/reports', name: 'Reports', icon: 'reports', hasRange: true },
    ],
  },
  {
    name: 'Selling',
    items: [
      { to: '/endpoints', name: 'Endpoints', icon: 'endpoints' },
      { to: '/limits', name: 'Rate limits', icon: 'limits' },
    ],
  },
  {
    name: 'System',
    items: [
      { to: '/webhooks', name: 'Webhooks', icon: 'webhooks', badge: 'webhooks' },
      { to: '/health', name: 'Health', icon: 'health', badge: 'health' },
      { to: '/audit', name: 'Audit log', icon: 'audit' },
      { to: '/settings', name: 'Settings', icon: 'settings' },
    ],
  },
];

/** What a phone shows at the bottom; the rest is behind More. */
export const phoneItems: readonly NavItem['to'][] = ['/', '/payments', '/unmatched', '/webhooks'];
