import { type Me, meSchema } from '@tollbook/contract';
import { request } from './api-client.js';

export type Session = Me;
export type SessionBook = Me['books'][number];

/** Who is signed in, and the books they may open. Throws ApiProblem with status 401 where nobody is. */
export async function readSession(signal?: AbortSignal): Promise<Session> {
  const response = await request({ method: 'GET', url: '/v1/me', signal });
  return meSchema.parse(await response.json());
}

export async function signIn(email: string, password: string): Promise<void> {
  await request({ method: 'POST', url: '/auth/sign-in/email', body: { email, password } });
}

export async function signOut(): Promise<void> {
  await request({ method: 'POST', url: '/auth/sign-out', body: {} });
}
