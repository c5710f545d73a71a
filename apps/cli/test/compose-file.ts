import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** The folder of the checkout, where the deployment's files lie. */
export const checkoutRoot = fileURLToPath(new URL('../../../', import.meta.url));

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.object({ host_ip: z.string(), published: z.string(), target: z.number() })).default([]),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
});

const composeSchema = z.object({
  services: z.object({
    postgres: serviceSchema,
    redis: serviceSchema,
    migrate: serviceSchema,
    api: serviceSchema,
    worker: serviceSchema,
  }),
  volumes: z.record(z.string(), z.unknown()),
});

export type ComposeService = z.infer<typeof serviceSchema>;

/** docker-compose.yml as it is written, merges done. */
export function parseComposeFile(): unknown {
  return parse(readFileSync(`${checkoutRoot}docker-compose.yml`, 'utf8'), { merge: true });
}

/** The services as Compose would run them with these variables; throws on one that is missing, as Compose does. */
export function readComposeFile(env: Readonly<Record<string, string>>) {
  return composeSchema.parse(interpolateAll(parseComposeFile(), env));
}

function interpolateAll(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((each) => interpolateAll(each, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolateAll(each, env)]));
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, defaults within defaults among them. */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  const from = text.indexOf('${');
  if (from === -1) return text;
  let depth = 1;
  let to = from + 2;
  for (; depth > 0; to += 1) {
    if (to >= text.length) throw new Error(`a brace is not closed: ${text}`);
    if (text.startsWith('${', to)) depth += 1;
    else if (text[to] === '}') depth -= 1;
  }
  const [, name = '', operator, rest = ''] = /^(\w+)(?:(:-|:\?)(.*))?$/s.exec(text.slice(from + 2, to - 1)) ?? [];
  const set = env[name];
  if (name === '' || (operator === undefined && set === undefined)) throw new Error(`not understood: ${text}`);
  if (operator === ':?' && !set) throw new Error(`${name} is missing: ${rest}`);
  return text.slice(0, from) + (set || interpolate(rest, env)) + interpolate(text.slice(to), env);
}
