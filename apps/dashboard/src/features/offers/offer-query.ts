import { queryOptions } from '@tanstack/react-query';
import { offerSchema } from '@tollbook/contract';
import type { ApiClient } from '../../api/api-client.js';

/** What an offer's seal says, and what became of it. */
export function offerQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ['live', 'offer', api.bookSlug, id],
    queryFn: ({ signal }) => api.get(`/v1/offers/${encodeURIComponent(id)}`, offerSchema, {}, signal),
    retry: false,
  });
}
