import { problemSchema, problems } from '@tollbook/contract';
import { z } from 'zod';
import { apiAnswers } from './api-answers.js';
import type { ApiRoute } from './api-routes.js';

/** An object of JSON. */
type Json = { readonly [key: string]: unknown };

const apiVersion = '2026-11-20';

/** OpenAPI 3.1 of the routes under `/v1`, from the very schemas that they parse by. */
export function openApiOf(routes: readonly ApiRoute[], publicUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes.filter(({ path }) => path.startsWith('/v1/'))) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tollbook merchant API',
      version: apiVersion,
      description:
        'Amounts are decimal strings with their atomic units beside them. Lists go by cursor. Errors are problems (RFC 9457) with a stable code.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: problemDocument(), ProblemCode: codesDocument() },
      responses: {
        Problem: {
          description: 'A refusal; nothing was changed.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: tbk_test_… or tbk_live_…' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tollbook.session_token',
          description: 'Of the dashboard. Such requests name their book in the header Tollbook-Book.',
        },
      },
    },
  };
}

function operationOf(route: ApiRoute): Json {
  const { method, path, access, body, httpStatus } = route;
  const isOpen = access === 'public';
  return {
    operationId: route.name,
    tags: [path.split('/')[2]],
    ...(isOpen ? { security: [] } : { security: [{ apiKey: [] }, { session: [] }], 'x-permission': access }),
    parameters: [...pathParameters(path), ...queryParameters(route.query), ...headerParameters(route)],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { 'application/json': { schema: jsonSchema(body, 'input') } },
          },
        }),
    responses: {
      [httpStatus]: answerOf(method, path),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function answerOf(method: string, path: string): Json {
  const answer = apiAnswers[`${method.toUpperCase()} ${path}`];
  if (answer === undefined) throw new Error(`nothing says what ${method} ${path} answers with`);
  if (answer === null) return { description: 'Done; there is nothing to say.' };
  if ('mediaType' in answer) {
    const schema = { type: 'string', description: answer.description };
    return { description: 'Done.', content: { [answer.mediaType]: { schema } } };
  }
  return { description: 'Done.', content: { 'application/json': { schema: jsonSchema(answer, 'output') } } };
}

/** A problem, whose code stands in the list of all of them. */
function problemDocument(): Json {
  const { properties, ...rest } = jsonSchema(problemSchema, 'output');
  return { ...rest, properties: { ...Object(properties), code: { $ref: '#/components/schemas/ProblemCode' } } };
}

/** Every code there is, with its title and usual status; programs have to take others too, for later releases. */
function codesDocument(): Json {
  const known = Object.entries(problems).map(([code, { status, title }]) => ({
    const: code,
    title,
    description: `Usually with HTTP status ${status}.`,
  }));
  const { code } = problemSchema.shape;
  return {
    description: 'Stable: programs go by it. Later releases may add codes.',
    anyOf: [...known, { ...jsonSchema(code, 'output'), title: 'A code of a later release' }],
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Readonly<Record<string, Json>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function headerParameters({ method, access }: ApiRoute): Json[] {
  if (method !== 'post' || access === 'public') return [];
  const description = 'The request runs once; repeated with the same key and body it gets the first answer.';
  const schema = { type: 'string', minLength: 1, maxLength: 255 };
  return [{ name: 'Idempotency-Key', in: 'header', required: false, description, schema }];
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}
