import { fileURLToPath } from 'node:url';

/** The folder of the checkout; source and build of this file both lie three levels below it. */
export const CHECKOUT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));
