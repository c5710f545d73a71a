import type { Accounts } from './ports/accounts.js';
import type { MemberStore } from './ports/member-store.js';

/** Whose instance it is; with the password only where it was made here, just now, and never again. */
export type FirstOwner = { readonly email: string; readonly generatedPassword: string | null };

/**
 * Adds the first person of an instance, and makes the first person owner of every merchant that nobody belongs to. May
 * run again: null where there is somebody already, whatever was wished for.
 */
export async function ensureOwner(
  deps: {
    readonly accounts: Pick<Accounts, 'countPeople' | 'addPerson'>;
    readonly members: Pick<MemberStore, 'ownOrphans'>;
    readonly generatePassword: () => string;
  },
  wish: { readonly email: string | null; readonly password: string | null },
): Promise<FirstOwner | null> {
  const isFirst = (await deps.accounts.countPeople()) === 0;
  const email = (wish.email ?? defaultOwnerEmail).toLowerCase();
  const generatedPassword = isFirst && wish.password === null ? deps.generatePassword() : null;
  const password = wish.password ?? generatedPassword;
  if (isFirst && password !== null) await deps.accounts.addPerson({ email, name: 'Owner', password });
  await deps.members.ownOrphans();
  return isFirst ? { email, generatedPassword } : null;
}

/** Nobody's mailbox: it names the first person where no e-mail was given. */
export const defaultOwnerEmail = 'owner@tollbook.local';
