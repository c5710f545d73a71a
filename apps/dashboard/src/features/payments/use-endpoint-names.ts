import { useCallback } from 'react';
import { useEndpointList } from '../endpoints/endpoints-query.js';

/** Names an endpoint by its method and path; by its id while those are not known. */
export function useEndpointNames(): (endpointId: string | null) => string {
  const { data } = useEndpointList();
  return useCallback(
    (endpointId) => {
      if (endpointId === null) return '—';
      const found = data?.data.find(({ id }) => id === endpointId);
      return found ? `${found.method} ${found.path}` : `${endpointId.slice(0, 9)}…`;
    },
    [data],
  );
}
