import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { auditSearchShape } from './features/audit/audit-search.js';
import { paymentsSearchShape } from './features/payments/payments-search.js';
import { refusalsSearchShape } from './features/refusals/refusals-search.js';
import { reportsSearchShape } from './features/reports/reports-search.js';
import { unmatchedSearchShape } from './features/unmatched/unmatched-search.js';
import { webhookSearchShape } from './features/webhooks/webhook-search.js';
import type { Mode } from './mode-of-path.js';
import { rangeSearchSchema } from './range.js';
import { parseSearch, searchOf, stringifySearch } from './search-params.js';
import { PageMissing } from './shell/page-missing.js';
import { Shell } from './shell/shell.js';
import { ErrorState } from './ui/error-state.js';

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: PageMissing,
  validateSearch: searchOf(rangeSearchSchema),
});

const at = <Path extends string>(path: Path) => ({ getParentRoute: () => rootRoute, path });

const routeTree = rootRoute.addChildren([
  createRoute({
    ...at('/'),
    component: lazyRouteComponent(() => import('./features/overview/overview-page.js'), 'OverviewPage'),
  }),
  createRoute({
    ...at('/payments'),
    validateSearch: searchOf(paymentsSearchShape),
    component: lazyRouteComponent(() => import('./features/payments/payments-page.js'), 'PaymentsPage'),
  }),
  createRoute({
    ...at('/payments/$id'),
    component: lazyRouteComponent(() => import('./features/payments/payment-page.js'), 'PaymentPage'),
  }),
  createRoute({
    ...at('/offers/$id'),
    component: lazyRouteComponent(() => import('./features/offers/offer-page.js'), 'OfferPage'),
  }),
  createRoute({
    ...at('/failures'),
    component: lazyRouteComponent(() => import('./features/failures/failures-page.js'), 'FailuresPage'),
  }),
  createRoute({
    ...at('/refusals'),
    validateSearch: searchOf(refusalsSearchShape),
    component: lazyRouteComponent(() => import('./features/refusals/refusals-page.js'), 'RefusalsPage'),
  }),
  createRoute({
    ...at('/scenarios'),
    component: lazyRouteComponent(() => import('./features/scenarios/scenarios-page.js'), 'ScenariosPage'),
  }),
  createRoute({
    ...at('/unmatched'),
    validateSearch: searchOf(unmatchedSearchShape),
    component: lazyRouteComponent(() => import('./features/unmatched/unmatched-page.js'), 'UnmatchedPage'),
  }),
  createRoute({
    ...at('/reports'),
    validateSearch: searchOf(reportsSearchShape),
    component: lazyRouteComponent(() => import('./features/reports/reports-page.js'), 'ReportsPage'),
  }),
  createRoute({
    ...at('/endpoints'),
    component: lazyRouteComponent(() => import('./features/endpoints/endpoints-page.js'), 'EndpointsPage'),
  }),
  createRoute({
    ...at('/endpoints/new'),
    component: lazyRouteComponent(() => import('./features/endpoints/new-endpoint-page.js'), 'NewEndpointPage'),
  }),
  createRoute({
    ...at('/endpoints/$id'),
    component: lazyRouteComponent(() => import('./features/endpoints/endpoint-page.js'), 'EndpointPage'),
  }),
  createRoute({
    ...at('/limits'),
    component: lazyRouteComponent(() => import('./features/limits/limits-page.js'), 'LimitsPage'),
  }),
  createRoute({
    ...at('/webhooks'),
    component: lazyRouteComponent(() => import('./features/webhooks/webhooks-page.js'), 'WebhooksPage'),
  }),
  createRoute({
    ...at('/webhooks/$id'),
    validateSearch: searchOf(webhookSearchShape),
    component: lazyRouteComponent(() => import('./features/webhooks/webhook-page.js'), 'WebhookPage'),
  }),
  createRoute({
    ...at('/health'),
    component: lazyRouteComponent(() => import('./features/health/health-page.js'), 'HealthPage'),
  }),
  createRoute({
    ...at('/audit'),
    validateSearch: searchOf(auditSearchShape),
    component: lazyRouteComponent(() => import('./features/audit/audit-page.js'), 'AuditPage'),
  }),
  createRoute({
    ...at('/settings'),
    component: lazyRouteComponent(() => import('./features/settings/settings-page.js'), 'SettingsPage'),
  }),
]);

/** The pages of one mode; every link stays below its path, so no link leads from test to live. */
export function createAppRouter(mode: Mode) {
  return createRouter({
    routeTree,
    basepath: `/${mode}`,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingMs: 150,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorState
        title="This page failed"
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={reset}
      />
    ),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
