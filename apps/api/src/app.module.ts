import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './accounts/access.guard.js';
import { ApiKeyAuthenticator } from './accounts/api-key-authenticator.js';
import { KeysController } from './accounts/keys.controller.js';
import { SessionController } from './accounts/session.controller.js';
import { SessionAuthenticator } from './accounts/session-authenticator.js';
import { AuditController } from './audit/audit.controller.js';
import type { ApiParts } from './composition.js';
import { WellKnownController } from './discovery/well-known.controller.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { MatchController } from './endpoints/match.controller.js';
import { PricesController } from './endpoints/prices.controller.js';
import { FacilitatorsController } from './facilitators/facilitators.controller.js';
import { GateModule } from './gate/gate.module.js';
import type { GateRoute } from './gate/gate-route.js';
import { HealthController } from './health/health.controller.js';
import { HealthReportController } from './health/health-report.controller.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { BooksController } from './ledger/books.controller.js';
import { LiveController } from './live/live.controller.js';
import { OffersController } from './offers/offers.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { OpenInvoiceController } from './pay-page/open-invoice.controller.js';
import { PayIntentController } from './pay-page/pay-intent.controller.js';
import { PayPageController } from './pay-page/pay-page.controller.js';
import { PaymentIntentsController } from './payment-intents/payment-intents.controller.js';
import { DiscrepanciesController } from './payments/discrepancies.controller.js';
import { PaymentsController } from './payments/payments.controller.js';
import { RefundsController } from './payments/refunds.controller.js';
import { RefusalsController } from './payments/refusals.controller.js';
import { TolerancesController } from './payments/tolerances.controller.js';
import { TransfersController } from './payments/transfers.controller.js';
import { AllowedPayersController } from './rate-limits/allowed-payers.controller.js';
import { RateLimitsController } from './rate-limits/rate-limits.controller.js';
import { ClientsController } from './reports/clients.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { apiParts, authenticators, gateRoute } from './tokens.js';
import { WalletsController } from './wallets/wallets.controller.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The api: the gate on its own route, and the merchant API in controllers. */
@Module({
  imports: [GateModule, WebhooksModule],
  controllers: [
    PaymentsController,
    DiscrepanciesController,
    RefundsController,
    TolerancesController,
    TransfersController,
    RefusalsController,
    ReportsController,
    ClientsController,
    EndpointsController,
    PricesController,
    MatchController,
    OffersController,
    WellKnownController,
    RateLimitsController,
    AllowedPayersController,
    WalletsController,
    FacilitatorsController,
    PaymentIntentsController,
    KeysController,
    AuditController,
    OpenApiController,
    BooksController,
    HealthController,
    HealthReportController,
    SessionController,
    LiveController,
    SandboxController,
    PayPageController,
    PayIntentController,
    OpenInvoiceController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
class AppModule {}

/** The module with the parts that the composition root built. */
export function appModuleOf(parts: ApiParts, route: GateRoute): DynamicModule {
  const providers = [
    { provide: apiParts, useFactory: () => parts },
    { provide: gateRoute, useFactory: () => route },
    { provide: authenticators, useFactory: () => [new ApiKeyAuthenticator(parts), new SessionAuthenticator(parts)] },
  ];
  return { module: AppModule, global: true, providers, exports: [apiParts, gateRoute, authenticators] };
}
