import { type Config, loadConfig } from '@tollbook/config';
import { baseUrl } from './base-url.js';

/** What a person needs to know once everything runs; the last line is the one that programs wait for. */
export function welcome(config: Config, startMs: number): string[] {
  const { publicUrl, isSandboxOn } = config;
  const command = `${environmentPrefix(config)}npx tollbook`;
  return [
    '',
    `Gate and merchant API:  ${publicUrl}  (${publicUrl}/v1 with an API key)`,
    `Make an API key:        ${command} key create --name test`,
    ...(isSandboxOn ? [`Make a real payment:    ${command} pay ${publicUrl}/g/demo/weather`] : []),
    `Prove the books:        ${command} books verify`,
    '',
    `Started in ${(startMs / 1000).toFixed(1)} s. Ctrl-C ends everything.`,
    `Tollbook is ready at ${baseUrl(config.host, config.port)}`,
  ];
}

/** Commands find a running instance by its data folder, so one that is not the default has to be said. */
function environmentPrefix(config: Config): string {
  const isDefault = loadConfig({}).dataDir === config.dataDir;
  return isDefault ? '' : `TOLLBOOK_DATA_DIR=${quote(config.dataDir)} `;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
