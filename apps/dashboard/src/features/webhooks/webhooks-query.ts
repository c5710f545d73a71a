import { useQuery } from '@tanstack/react-query';
import { webhookEndpointListSchema, webhookEndpointSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';

/** The webhook endpoints of the book, newest first. */
export function useWebhookList() {
  const { api } = useBook();
  return useQuery({
    queryKey: ['webhooks', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/webhook-endpoints', webhookEndpointListSchema, { limit: 100 }, signal),
    refetchInterval: 15_000,
  });
}

/** One of them. */
export function useWebhook(id: string) {
  const { api } = useBook();
  return useQuery({
    queryKey: ['webhooks', api.bookSlug, id],
    queryFn: ({ signal }) =>
      api.get(`/v1/webhook-endpoints/${encodeURIComponent(id)}`, webhookEndpointSchema, {}, signal),
    refetchInterval: 15_000,
  });
}
