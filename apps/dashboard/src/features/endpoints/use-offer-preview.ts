import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { offerPreviewSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';

/** The 402 that a draft would be answered with, made by the gate's own code. The last good one stays while typing. */
export function useOfferPreview(path: string, draft: unknown, isEnabled: boolean) {
  const { api } = useBook();
  return useQuery({
    queryKey: ['offer-preview', api.bookSlug, path, draft],
    queryFn: () => api.post(path, offerPreviewSchema, draft),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}
