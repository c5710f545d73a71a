import { type Config, loadConfig } from '@tollbook/config';
import type { FirstOwner } from '@tollbook/usecases';
import { baseUrl } from './base-url.js';

/** What a person needs to know once everything runs; the last line is the one that programs wait for. */
export function welcome(config: Config, owner: FirstOwner | null, startMs: number): string[] {
  const { publicUrl, isSandboxOn } = config;
  const command = `${environmentPrefix(config)}npx tollbook`;
  return [
    '',
    signInLine(config, owner),
    ...forgottenLines(command, owner),
    '',
    `Gate and merchant API:  ${publicUrl}  (${publicUrl}/v1 with an API key)`,
    `Make an API key:        ${command} key create --name test`,
    ...(isSandboxOn
      ? [
          `Make a real payment:    ${command} pay ${publicUrl}/g/demo/weather`,
          `See webhooks arrive:    ${publicUrl}/sandbox/inbox`,
        ]
      : []),
    `Prove the books:        ${command} books verify`,
    '',
    `Started in ${(startMs / 1000).toFixed(1)} s. Ctrl-C ends everything.`,
    `Tollbook is ready at ${baseUrl(config.host, config.port)}`,
  ];
}

/** How to sign in. A password that was made here is told this once; one that was given is not repeated. */
export function signInLine({ publicUrl }: Pick<Config, 'publicUrl'>, owner: FirstOwner | null): string {
  if (owner === null) return `Dashboard:              ${publicUrl}`;
  const { email, generatedPassword } = owner;
  const password = generatedPassword ?? 'the password in TOLLBOOK_ADMIN_PASSWORD';
  return `Sign in at ${publicUrl} as ${email} with ${password}`;
}

function forgottenLines(command: string, owner: FirstOwner | null): string[] {
  if (owner === null || owner.generatedPassword === null) return [];
  return [`(shown this once; for a new one: ${command} user reset-password --email ${owner.email})`];
}

/** Commands find a running instance by its data folder, so one that is not the default has to be said. */
function environmentPrefix(config: Config): string {
  const isDefault = loadConfig({}).dataDir === config.dataDir;
  return isDefault ? '' : `TOLLBOOK_DATA_DIR=${quote(config.dataDir)} `;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
