import { useQuery } from '@tanstack/react-query';
import { type HealthState, healthSchema, type WebhookEndpoint, webhookEndpointListSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';

const refetchMs = 15_000;

export interface SystemTrouble {
  failingWebhooks: number;
  healthState: HealthState | 'unknown';
}

/** It fails, or failed so long that we stopped. */
function isInTrouble({ state, disabledReason }: WebhookEndpoint): boolean {
  return state === 'failing' || disabledReason !== null;
}

/** Whether what stands behind the books works: asked on every page, for the badges of the rail. */
export function useSystemTrouble(): SystemTrouble {
  const { api } = useBook();
  const health = useQuery({
    queryKey: ['health', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/health', healthSchema, {}, signal),
    refetchInterval: refetchMs,
  });
  const webhooks = useQuery({
    queryKey: ['webhooks', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/webhook-endpoints', webhookEndpointListSchema, { limit: 100 }, signal),
    refetchInterval: refetchMs,
  });
  return {
    failingWebhooks: webhooks.data?.data.filter(isInTrouble).length ?? 0,
    healthState: health.data?.state ?? 'unknown',
  };
}
