import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appModuleOf } from '../app.module.js';
import type { ApiParts } from '../composition.js';
import { GateRoute } from '../gate/gate-route.js';
import { apiAnswers } from './api-answers.js';
import { apiRoutesOf } from './api-routes.js';
import { openApiOf } from './open-api-of.js';

type Json = { readonly [key: string]: unknown };
type Operation = {
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Json }[];
  readonly requestBody?: { readonly required: boolean; readonly content: { 'application/json': { schema: Json } } };
  readonly responses: Readonly<Record<string, Json>>;
  readonly security: readonly Json[];
  readonly 'x-permission'?: string;
};

// The parts are built by nobody: what the module declares is looked at, and nothing is made.
const { module } = appModuleOf({} as ApiParts, new GateRoute());
const routes = apiRoutesOf(controllersOf(module));
const document = openApiOf(routes, 'https://pay.example') as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Json;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Controllers of a module and of those that it imports. */
function controllersOf(each: object): Parameters<typeof apiRoutesOf>[0] {
  const imported: readonly object[] = Reflect.getMetadata('imports', each) ?? [];
  return [...(Reflect.getMetadata('controllers', each) ?? []), ...imported.flatMap(controllersOf)];
}

/** What the controllers' source says, read as text: another way to the same list. */
function declaredRoutes(): string[] {
  const folder = join(import.meta.dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.controller.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const [, prefix = ''] = /@Controller\((?:'([^']*)')?\)/.exec(text) ?? [];
      return [...text.matchAll(/^ {2}@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/gm)].map(
        ([, verb = '', path = '']) => {
          const parts = [prefix, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
          return `${verb.toUpperCase()} /${parts.join('/')}`;
        },
      );
    })
    .filter((route) => / \/v1\//.test(route))
    .sort();
}

describe('openApiOf', () => {
  it('describes every route of the merchant API', () => {
    const described = operations.map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(described.sort()).toEqual(declaredRoutes());
    expect(described.length).toBeGreaterThan(30);
  });

  it('names each operation once, and says who may call it', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      expect(operation.security.length > 0).toBe(operation['x-permission'] !== undefined);
    }
  });

  it('tells what goes in and what comes out by the schemas that are used', () => {
    const create = document.paths['/v1/endpoints']?.post;
    const { schema } = create?.requestBody?.content['application/json'] ?? {};
    expect(schema).toMatchObject({
      type: 'object',
      required: ['method', 'path', 'upstream', 'price', 'networks'],
      additionalProperties: false,
    });
    expect(create?.responses).toHaveProperty(['201', 'content', 'application/json', 'schema', 'properties', 'price']);
    expect(create?.parameters.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    const list = document.paths['/v1/endpoints']?.get;
    expect(list?.parameters.map(({ name, in: place }) => [name, place])).toEqual([
      ['limit', 'query'],
      ['after', 'query'],
      ['state', 'query'],
    ]);
    expect(document.paths['/v1/endpoints/{id}']?.get?.parameters[0]).toMatchObject({ name: 'id', in: 'path' });
  });

  it('has an answer for no route that is not there', () => {
    const known = new Set(routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    expect(Object.keys(apiAnswers).filter((route) => !known.has(route))).toEqual([]);
  });

  it('is OpenAPI 3.1: JSON alone, parameters of a path all named, every reference leading somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    for (const { path, operation } of operations) {
      const named = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)];
    for (const [, pointer = ''] of references) {
      const found = pointer.split('/').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document);
      expect(found, pointer).toBeDefined();
    }
  });
});
