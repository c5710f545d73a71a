import { loadConfig } from '@tollbook/config';
import { createOwner } from '../src/supervisor/create-owner.js';
import { masterKey, type World } from './world.js';

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
  const answer = await sendSignIn(url, { email, password });
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
