import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { BookProvider } from './api/book-context.js';
import { LiveProvider } from './api/live-context.js';
import { readSession } from './api/session.js';
import type { Mode } from './mode-of-path.js';
import { createAppRouter } from './router.js';
import { FullPage } from './ui/full-page.js';
import { QueryView } from './ui/query-view.js';
import { TitleContext } from './ui/title-context.js';
import { ZoneContext } from './ui/zone-context.js';

/** The dashboard of one mode: asks who is there, opens that mode's book, then shows its pages. */
export function ModeApp({ mode }: { mode: Mode }) {
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => readSession(signal), staleTime: 60_000 });
  const [router] = useState(() => createAppRouter(mode));
  if (session.data === undefined) {
    return (
      <FullPage>
        <QueryView query={session} failure="The dashboard could not be opened" skeleton={<span />}>
          {() => null}
        </QueryView>
      </FullPage>
    );
  }
  const book = session.data.books.find((each) => each.mode === mode);
  if (book === undefined) return <NoBook mode={mode} />;
  return (
    <ZoneContext value={book.timeZone}>
      <TitleContext value={mode === 'test' ? 'Test · Tollbook' : 'Tollbook'}>
        <BookProvider session={session.data} book={book}>
          <LiveProvider>
            <RouterProvider router={router} />
          </LiveProvider>
        </BookProvider>
      </TitleContext>
    </ZoneContext>
  );
}

function NoBook({ mode }: { mode: Mode }) {
  const other = mode === 'live' ? 'test' : 'live';
  return (
    <FullPage>
      <h1>There is no {mode} book yet</h1>
      <p className="tb-muted">
        {mode === 'live'
          ? 'This instance takes test payments only. Live payments begin when a live network and a wallet are set up.'
          : 'This store has a live book alone.'}
      </p>
      <p>
        <a href={`/${other}`}>Open the {other} book</a>
      </p>
    </FullPage>
  );
}
