import { type Accounts, type Client, type Person, StoreUnavailable } from '@tollbook/usecases';
import { betterAuth } from 'better-auth/minimal';
import { type AccountsOptions, addressHeader, authOptions } from './auth-options.js';

/** Accounts behind their port. Throws `StoreUnavailable` where they cannot be read or written. */
export function createAccounts(options: AccountsOptions): Accounts {
  const auth = betterAuth(authOptions(options));
  return withTypedFailures(options.report, {
    signIn: async (credentials, client) => {
      const answer = await auth.api.signInEmail({ body: credentials, headers: headersOf(client), asResponse: true });
      const setCookies = answer.headers.getSetCookie();
      if (answer.status === 401 || answer.status === 400) return null;
      const { user } = await readAnswer<{ user: Person & { id: string } }>(answer);
      return { person: personOf(user), setCookies };
    },
    signOut: async (cookie) => {
      const answer = await auth.api.signOut({ headers: new Headers({ cookie }), asResponse: true });
      return answer.headers.getSetCookie();
    },
    session: async (cookie) => {
      const found = await auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
      return found === null ? null : personOf(found.user);
    },
    refreshSession: async (cookie) => {
      const { headers, response } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      });
      return response === null ? null : { person: personOf(response.user), setCookies: headers.getSetCookie() };
    },
    changePassword: async (cookie, { currentPassword, newPassword }) => {
      const answer = await auth.api.changePassword({
        body: { currentPassword, newPassword, revokeOtherSessions: true },
        headers: new Headers({ cookie }),
        asResponse: true,
      });
      if (answer.status === 400 || answer.status === 401) return null;
      await readAnswer(answer);
      return answer.headers.getSetCookie();
    },
    countPeople: async () => (await auth.$context).internalAdapter.countTotalUsers(),
    addPerson: async ({ email, name, password }) => {
      const { internalAdapter, password: passwords } = await auth.$context;
      const hash = await passwords.hash(password);
      const user = await internalAdapter.createUser({ email, name, emailVerified: true }, { method: 'email-password' });
      const { id: userId } = user;
      await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash });
      return personOf(user);
    },
    resetPassword: async (email, password) => {
      const { internalAdapter, password: passwords } = await auth.$context;
      const found = await internalAdapter.findUserByEmail(email.toLowerCase());
      if (!found) return false;
      const { id: userId } = found.user;
      const hash = await passwords.hash(password);
      if (await internalAdapter.findCredentialAccount(userId)) await internalAdapter.updatePassword(userId, hash);
      else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash });
      await internalAdapter.deleteUserSessions(userId);
      return true;
    },
  });
}

/**
 * The library refuses by answers, which the functions above read; what it throws comes from the database, often with
 * the cause hidden. Told here, because nobody above tells of a store that is away.
 */
function withTypedFailures(report: (error: Error) => void, accounts: Accounts): Accounts {
  const typed =
    <Values extends unknown[], T>(ask: (...values: Values) => Promise<T>) =>
    async (...values: Values): Promise<T> => {
      try {
        return await ask(...values);
      } catch (cause) {
        report(cause instanceof Error ? cause : new Error(String(cause)));
        throw new StoreUnavailable('accounts cannot be read now', { cause });
      }
    };
  return {
    signIn: typed(accounts.signIn),
    signOut: typed(accounts.signOut),
    session: typed(accounts.session),
    refreshSession: typed(accounts.refreshSession),
    changePassword: typed(accounts.changePassword),
    countPeople: typed(accounts.countPeople),
    addPerson: typed(accounts.addPerson),
    resetPassword: typed(accounts.resetPassword),
  };
}

function headersOf({ address, userAgent }: Client): Headers {
  return new Headers({ [addressHeader]: address, ...(userAgent === null ? {} : { 'user-agent': userAgent }) });
}

async function readAnswer<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`better-auth answered ${answer.status}`);
  return (await answer.json()) as T;
}

function personOf(user: { readonly id: string; readonly email: string; readonly name: string }): Person {
  return { userId: user.id, email: user.email, name: user.name };
}
