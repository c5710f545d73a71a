import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { useBook } from '../../api/book-context.js';

const endpointListSchema = z.object({
  data: z.array(z.object({ id: z.string(), method: z.string(), path: z.string() })),
  nextCursor: z.string().nullable(),
});

/** The endpoints of the book. */
export function useEndpointList() {
  const { api } = useBook();
  return useQuery({
    queryKey: ['endpoints', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/endpoints', endpointListSchema, { limit: 100 }, signal),
    staleTime: 60_000,
  });
}
