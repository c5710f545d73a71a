import { loadConfig } from '@tollbook/config';
import { createOwner } from '../src/supervisor/create-owner.js';
import { answered, masterKey, type World } from './world.js';

export const ownerEmail = 'owner@example.com';
export const ownerPassword = 'a long enough password';

/** What the supervisor does once everything runs: the first person, who owns the demo merchant. */
export async function addOwner({ databaseUrl, dataDir }: World) {
  const config = loadConfig({
    TOLLBOOK_DATA_DIR: dataDir,
    TOLLBOOK_MASTER_KEY: masterKey,
    TOLLBOOK_ADMIN_EMAIL: ownerEmail,
    TOLLBOOK_ADMIN_PASSWORD: ownerPassword,
  });
  const report = (error: Error) => {
    throw error;
  };
  return createOwner({ databaseUrl, config, report });
}

/** Signs in as a browser on the instance does; the `Cookie` header that it sends from then on. */
export async function signIn(url: string, email = ownerEmail, password = ownerPassword): Promise<string> {
  return cookieOf(await sendSignIn(url, { email, password }));
}

/** The same in a world that is still starting: where its database is seen to be slow for the moment, it is asked again. */
export function signInOnceUp(world: World, url: string): Promise<string> {
  return answered(world, async () => {
    const answer = await sendSignIn(url, { email: ownerEmail, password: ownerPassword });
    const code = answer.status === 503 ? ((await answer.clone().json()) as { code?: string }).code : undefined;
    return { status: answer.status, code, answer };
  }).then(({ answer }) => cookieOf(answer));
}

async function cookieOf(answer: Response): Promise<string> {
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

export function sendSignIn(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify(body),
  });
}
