import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { type PaymentIntentList, paymentIntentListSchema } from '@tollbook/contract';
import type { ApiClient, QueryParameters } from '../../api/api-client.js';
import type { PaymentsSearch } from './payments-search.js';

const pageRows = 100;

/** A list of payments by keyset pages, newest first. */
export function paymentsQuery(api: ApiClient, search: PaymentsSearch) {
  const parameters: QueryParameters = { ...search };
  return infiniteQueryOptions<
    PaymentIntentList,
    Error,
    InfiniteData<PaymentIntentList>,
    readonly unknown[],
    string | null
  >({
    queryKey: ['payments', api.bookSlug, parameters],
    queryFn: ({ pageParam, signal }) =>
      api.get('/v1/payments', paymentIntentListSchema, { ...parameters, limit: pageRows, after: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
  });
}
