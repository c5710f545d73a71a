import { z } from 'zod';
import { request } from './api-client.js';

const sessionBookSchema = z.object({
  slug: z.string().min(1),
  mode: z.enum(['test', 'live']),
  name: z.string(),
  timeZone: z.string(),
});

const sessionSchema = z.object({
  user: z.object({ email: z.string(), name: z.string() }),
  permissions: z.array(z.string()),
  books: z.array(sessionBookSchema),
});

export type SessionBook = z.infer<typeof sessionBookSchema>;
export type Session = z.infer<typeof sessionSchema>;

/** Who is signed in, and the books they may open. Throws ApiProblem with status 401 where nobody is. */
export async function readSession(signal?: AbortSignal): Promise<Session> {
  const response = await request({ method: 'GET', url: '/v1/me', signal });
  return sessionSchema.parse(await response.json());
}

export async function signIn(email: string, password: string): Promise<void> {
  await request({ method: 'POST', url: '/auth/sign-in/email', body: { email, password } });
}

export async function signOut(): Promise<void> {
  await request({ method: 'POST', url: '/auth/sign-out', body: {} });
}
