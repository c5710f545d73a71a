import { Module } from '@nestjs/common';
import type { ApiParts } from '../composition.js';
import { apiParts } from '../tokens.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { composeWebhooks, webhookParts } from './webhook-parts.js';
import { WebhookRecoveriesController } from './webhook-recoveries.controller.js';

/** Webhook endpoints, deliveries and the feed of events. */
@Module({
  controllers: [WebhookEndpointsController, WebhookRecoveriesController, DeliveriesController, EventsController],
  providers: [{ provide: webhookParts, useFactory: (parts: ApiParts) => composeWebhooks(parts), inject: [apiParts] }],
})
export class WebhooksModule {}
