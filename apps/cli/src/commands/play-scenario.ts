import { loadConfig } from '@tollbook/config';
import { playedScenarioSchema, type Scenario, scenarioSights } from '@tollbook/contract';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';
import { localUrl } from '../supervisor/base-url.js';
import type { Terminal } from '../terminal.js';

/** `tollbook pay --scenario`: lets the running sandbox play one and prints what its buyer did. 0 once it is over. */
export async function playScenario(scenario: Scenario, terminal: Terminal): Promise<number> {
  const { host, port } = loadConfig();
  const url = `${localUrl(host, port)}/sandbox/scenarios`;
  terminal.say(`Playing "${scenario}"; this may take two minutes.`);
  const response = await post(url, { scenario, waits: true });
  if (!response.ok) throw new CliError(`${url} answered ${response.status}: is the sandbox on?`);
  const { steps } = playedScenarioSchema.parse(await response.json());
  for (const { what, status, code, txHash } of steps) {
    const answer = status === null ? '' : `: ${status}${code === null ? '' : ` ${code}`}`;
    terminal.print(`${what}${answer}${txHash === null ? '' : `  ${txHash}`}`);
  }
  terminal.print(`\n${scenarioSights[scenario]}`);
  return 0;
}

async function post(url: string, body: object): Promise<Response> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    return await fetch(url, request);
  } catch (error) {
    throw new CliError(
      `Nothing answers at ${url}: ${reasonOf(error instanceof Error ? (error.cause ?? error) : error)}`,
    );
  }
}
