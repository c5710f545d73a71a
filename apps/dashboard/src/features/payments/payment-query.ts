import { queryOptions } from '@tanstack/react-query';
import { paymentDetailSchema } from '@tollbook/contract';
import type { ApiClient } from '../../api/api-client.js';

/** One payment with everything that happened to it. */
export function paymentQuery(api: ApiClient, id: string) {
  return queryOptions({
    queryKey: ['live', 'payment', api.bookSlug, id],
    queryFn: ({ signal }) => api.get(`/v1/payments/${encodeURIComponent(id)}`, paymentDetailSchema, {}, signal),
  });
}
