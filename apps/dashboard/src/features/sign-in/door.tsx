import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiProblem } from '../../api/api-problem.js';
import { readSession } from '../../api/session.js';
import { ErrorState } from '../../ui/error-state.js';
import { FullPage } from '../../ui/full-page.js';
import { nextAddress } from './next-address.js';
import { SignInPage } from './sign-in-page.js';

/** What stands outside the books: the sign-in, and the way in for whoever is signed in already. */
export function Door() {
  const session = useQuery({
    queryKey: ['session-at-door'],
    queryFn: ({ signal }) =>
      readSession(signal).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 401) return null;
        throw error;
      }),
  });
  const { data, error } = session;
  const home = data ? nextAddress(location.search, data.books[0]?.mode ?? 'test') : null;
  useEffect(() => {
    if (home !== null) location.replace(home);
  }, [home]);
  if (error !== null && data === undefined) {
    return (
      <FullPage>
        <ErrorState title="Tollbook does not answer" error={error} onRetry={() => void session.refetch()} />
      </FullPage>
    );
  }
  return data === null ? <SignInPage onSignedIn={() => void session.refetch()} /> : null;
}
