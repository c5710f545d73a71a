import type { Session } from '../session.js';

const begin = { name: 'begin', text: 'begin' };

/** Begins a dbTx that is open to no book: for what belongs to the instance or to a merchant. */
export async function beginSetup(session: Session): Promise<void> {
  await session.run(begin);
}
