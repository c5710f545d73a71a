import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api-problem.js';
import { goToSignIn } from './go-to-sign-in.js';

const retriesMax = 2;

/** One cache for all that the server said. Only failures that may pass by themselves are asked again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWithoutSession }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.isSignIn) leaveWithoutSession(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < retriesMax && mayPass(error),
        retryDelay: (count) => Math.min(500 * 2 ** count, 4_000),
      },
      mutations: { retry: false },
    },
  });
}

function mayPass(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status === 429 || error.status >= 502;
}

function leaveWithoutSession(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401) goToSignIn();
}
