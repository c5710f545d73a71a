import type { Permission } from '@tollbook/contract';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type ApiClient, createApiClient } from './api-client.js';
import type { Session, SessionBook } from './session.js';

export interface Book {
  session: Session;
  book: SessionBook;
  api: ApiClient;
}

const BookContext = createContext<Book | null>(null);

export interface BookProviderProps {
  session: Session;
  book: SessionBook;
  children: ReactNode;
}

/** Everything below asks the api about this one book. */
export function BookProvider({ session, book, children }: BookProviderProps) {
  const value = useMemo(() => ({ session, book, api: createApiClient(book.slug) }), [session, book]);
  return <BookContext value={value}>{children}</BookContext>;
}

/** The signed-in person, their book and the client that names it. */
export function useBook(): Book {
  const value = useContext(BookContext);
  if (value === null) throw new Error('useBook is called outside a BookProvider');
  return value;
}

/** Whether the server lets this person do something. It decides again when asked; this only hides dead buttons. */
export function useMay(permission: Permission): boolean {
  return useBook().session.permissions.includes(permission);
}
