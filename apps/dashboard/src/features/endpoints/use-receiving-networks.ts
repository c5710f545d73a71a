import { useQuery } from '@tanstack/react-query';
import { walletListSchema } from '@tollbook/contract';
import { useBook } from '../../api/book-context.js';

/** The networks on which a wallet of the book receives: where something can be sold. */
export function useReceivingNetworks() {
  const { api } = useBook();
  return useQuery({
    queryKey: ['wallets', api.bookSlug],
    queryFn: ({ signal }) => api.get('/v1/wallets', walletListSchema, { limit: 100 }, signal),
    select: ({ data }) => [...new Set(data.filter(({ isReceiving }) => isReceiving).map(({ network }) => network))],
  });
}
