import { createContext, useContext } from 'react';

/** The time zone that every time on the page is shown in: the book's, not the reader's. */
export const ZoneContext = createContext('UTC');

export function useZone(): string {
  return useContext(ZoneContext);
}
