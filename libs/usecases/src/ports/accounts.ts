/** Somebody who may sign in. */
export type Person = { readonly userId: string; readonly email: string; readonly name: string };

/** What a browser has to be told with an answer: whole values of `Set-Cookie`. */
export type CookieChange = readonly string[];

export type Client = {
  /** Text of the client's address, kept with the session. */
  readonly address: string;
  readonly userAgent: string | null;
};

/** Passwords and sessions. A session is a cookie of ours, read from the whole `Cookie` header. */
export interface Accounts {
  /** Null where e-mail or password is wrong, after the same work in both cases. Counts nothing: see `signIn`. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    client: Client,
  ): Promise<{ readonly person: Person; readonly setCookies: CookieChange } | null>;
  /** Ends the session of these cookies, if there is one. */
  signOut(cookie: string): Promise<CookieChange>;
  /** Who holds a session that lives; null without. */
  session(cookie: string): Promise<Person | null>;
  /** The same, and lets the session live on from now: the cookies say until when. */
  refreshSession(cookie: string): Promise<{ readonly person: Person; readonly setCookies: CookieChange } | null>;
  /** Ends every other session of the person. Null where the current password is wrong or nobody is signed in. */
  changePassword(
    cookie: string,
    change: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<CookieChange | null>;
  countPeople(): Promise<number>;
  /** Adds a person with a password; the e-mail must be new. */
  addPerson(person: { readonly email: string; readonly name: string; readonly password: string }): Promise<Person>;
  /** Sets a password and ends every session of the person; false where nobody has this e-mail. */
  resetPassword(email: string, password: string): Promise<boolean>;
}
