import { createContext } from 'react';

/** What the tab's title ends in, such as `Test · Tollbook`. */
export const TitleContext = createContext('Tollbook');
