import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from '@tollbook/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
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

/** Every schema of the document, wherever it stands. */
function schemasIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'schema') return [each as Json];
    return key === 'schemas' ? Object.values(each as Record<string, Json>) : schemasIn(each);
  });
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

  it('says what every route answers with, and of no route that is not there', () => {
    const known = routes
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((route) => route.includes(' /v1/'));
    expect(Object.keys(apiAnswers).toSorted()).toEqual(known.toSorted());
    for (const { path, method, operation } of operations) {
      const [status = '', ...others] = Object.keys(operation.responses).filter((each) => each !== 'default');
      expect(others).toEqual([]);
      const { content } = operation.responses[status] ?? {};
      if (status === '204') {
        expect(content, path).toBeUndefined();
        continue;
      }
      const [[mediaType, { schema }] = ['', { schema: {} }]] = Object.entries(
        content as Record<string, { schema: Json }>,
      );
      const isFile = path.endsWith('.csv');
      const expected = isFile ? 'text/csv' : path === '/v1/live' ? 'text/event-stream' : 'application/json';
      expect(mediaType, `${method} ${path}`).toBe(expected);
      // A bare object or a bare text would say nothing.
      const told = Object.keys((schema.properties as Json | undefined) ?? {}).length > 0 || 'description' in schema;
      expect(told, `${method} ${path}`).toBe(true);
    }
  });

  it('lists every code of a refusal, with its usual status', () => {
    const { Problem, ProblemCode } = document.components.schemas as Record<'Problem' | 'ProblemCode', Json>;
    expect((Problem.properties as Json).code).toEqual({ $ref: '#/components/schemas/ProblemCode' });
    const told = (ProblemCode.anyOf as Json[]).filter((each) => 'const' in each);
    expect(told.map((each) => [each.const, String(each.description).match(/\d{3}/)?.[0], each.title])).toEqual(
      Object.entries(problems).map(([code, { status, title }]) => [code, String(status), title]),
    );
    for (const { operation } of operations) {
      expect(operation.responses.default).toEqual({ $ref: '#/components/responses/Problem' });
    }
  });

  it('has the shape that OpenAPI 3.1 asks for', () => {
    const isOpenApi = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(openApiShape);
    isOpenApi(document);
    expect(isOpenApi.errors).toBeNull();
  });

  it('holds nothing but valid JSON Schemas', () => {
    const schemas = schemasIn(document);
    expect(schemas.length).toBeGreaterThan(operations.length);
    const ajv = new Ajv2020();
    const $defs = Object.fromEntries(schemas.map((schema, at) => [at, schema]));
    expect([ajv.validateSchema({ $defs }), ajv.errors]).toEqual([true, null]);
    const patterns = [...JSON.stringify(schemas).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(0);
    for (const [, pattern = ''] of patterns) expect(() => new RegExp(JSON.parse(pattern), 'u'), pattern).not.toThrow();
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

/** OpenAPI 3.1.0 as far as our document goes (sections 4.8.1 to 4.8.27); what is not named here is refused. */
const openApiShape = {
  $ref: '#/$defs/document',
  $defs: {
    text: { type: 'string', minLength: 1 },
    schema: { type: 'object' },
    reference: {
      type: 'object',
      required: ['$ref'],
      properties: { $ref: { $ref: '#/$defs/text' } },
      additionalProperties: false,
    },
    document: {
      type: 'object',
      required: ['openapi', 'info', 'paths'],
      additionalProperties: false,
      properties: {
        openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
        info: {
          type: 'object',
          required: ['title', 'version'],
          additionalProperties: false,
          properties: {
            title: { $ref: '#/$defs/text' },
            version: { $ref: '#/$defs/text' },
            description: { $ref: '#/$defs/text' },
          },
        },
        servers: {
          type: 'array',
          items: {
            type: 'object',
            required: ['url'],
            additionalProperties: false,
            properties: { url: { $ref: '#/$defs/text' } },
          },
        },
        paths: {
          type: 'object',
          propertyNames: { pattern: '^/' },
          additionalProperties: {
            type: 'object',
            propertyNames: { enum: ['get', 'put', 'post', 'delete', 'patch'] },
            additionalProperties: { $ref: '#/$defs/operation' },
          },
        },
        components: {
          type: 'object',
          additionalProperties: false,
          properties: {
            schemas: { $ref: '#/$defs/named', additionalProperties: { $ref: '#/$defs/schema' } },
            responses: { $ref: '#/$defs/named', additionalProperties: { $ref: '#/$defs/response' } },
            securitySchemes: { $ref: '#/$defs/named', additionalProperties: { $ref: '#/$defs/securityScheme' } },
          },
        },
      },
    },
    named: { type: 'object', propertyNames: { pattern: '^[a-zA-Z0-9._-]+$' } },
    operation: {
      type: 'object',
      required: ['responses'],
      additionalProperties: false,
      patternProperties: { '^x-': true },
      properties: {
        operationId: { $ref: '#/$defs/text' },
        tags: { type: 'array', items: { $ref: '#/$defs/text' } },
        security: {
          type: 'array',
          items: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
        },
        parameters: { type: 'array', uniqueItems: true, items: { $ref: '#/$defs/parameter' } },
        requestBody: {
          type: 'object',
          required: ['content'],
          additionalProperties: false,
          properties: { required: { type: 'boolean' }, content: { $ref: '#/$defs/content' } },
        },
        responses: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: '^([1-5][0-9][0-9]|[1-5]XX|default)$' },
          additionalProperties: { oneOf: [{ $ref: '#/$defs/reference' }, { $ref: '#/$defs/response' }] },
        },
      },
    },
    parameter: {
      type: 'object',
      required: ['name', 'in', 'schema'],
      additionalProperties: false,
      properties: {
        name: { $ref: '#/$defs/text' },
        in: { enum: ['query', 'header', 'path', 'cookie'] },
        description: { $ref: '#/$defs/text' },
        required: { type: 'boolean' },
        schema: { $ref: '#/$defs/schema' },
      },
      anyOf: [
        { properties: { in: { enum: ['query', 'header', 'cookie'] } } },
        { properties: { required: { const: true } }, required: ['required'] },
      ],
    },
    response: {
      type: 'object',
      required: ['description'],
      additionalProperties: false,
      properties: { description: { $ref: '#/$defs/text' }, content: { $ref: '#/$defs/content' } },
    },
    content: {
      type: 'object',
      propertyNames: { pattern: '^[a-z]+/[a-z.+-]+$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: { schema: { $ref: '#/$defs/schema' } },
      },
    },
    securityScheme: {
      type: 'object',
      required: ['type'],
      oneOf: [
        { properties: { type: { const: 'apiKey' } }, required: ['name', 'in'] },
        { properties: { type: { const: 'http' } }, required: ['scheme'] },
      ],
    },
  },
};
