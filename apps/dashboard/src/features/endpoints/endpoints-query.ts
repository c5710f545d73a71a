import { useQuery } from '@tanstack/react-query';
import { endpointListSchema, endpointSchema, priceVersionListSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';

/** The endpoints of the book, newest first. */
export function useEndpointList() {
  const { api } = useBook();
  return useQuery({
    queryKey: ['endpoints', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/endpoints', endpointListSchema, { limit: 100 }, signal),
    staleTime: 30_000,
  });
}

/** One endpoint with its price of now. */
export function useEndpoint(id: string) {
  const { api } = useBook();
  return useQuery({
    queryKey: ['endpoints', api.bookSlug, id],
    queryFn: ({ signal }) => api.get(`/v1/endpoints/${encodeURIComponent(id)}`, endpointSchema, {}, signal),
  });
}

/** Every price it ever had. */
export function usePriceHistory(id: string) {
  const { api } = useBook();
  return useQuery({
    queryKey: ['endpoints', api.bookSlug, id, 'prices'],
    queryFn: ({ signal }) =>
      api.get(`/v1/endpoints/${encodeURIComponent(id)}/prices`, priceVersionListSchema, { limit: 100 }, signal),
  });
}
