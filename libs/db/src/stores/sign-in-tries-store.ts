import type { SignInTriesStore } from '@tollbook/usecases';
import type { Pool } from 'pg';
import { beginSetup } from '../queries/begin-setup.js';
import { inTransaction, withSession } from '../session.js';
import {
  forgetSignInTries,
  lockSignInSubjects,
  saveSignInTries,
  selectSignInTries,
} from '../statements/sign-in-tries.js';

/** Counts sign-ins; `pool` acts as tollbook_app. Throws `StoreUnavailable` when the database is away. */
export function createSignInTriesStore(pool: Pool): SignInTriesStore {
  return {
    change: (subjects, decide) =>
      inTransaction(pool, beginSetup, async (session) => {
        await lockSignInSubjects(session, subjects);
        const { result, tries } = decide(await selectSignInTries(session, subjects));
        if (tries !== null) await saveSignInTries(session, subjects, tries);
        return result;
      }),
    forget: (beforeMs) => withSession(pool, (session) => forgetSignInTries(session, beforeMs)),
  };
}
