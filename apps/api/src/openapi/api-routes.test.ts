import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { appModuleOf } from '../app.module.js';
import type { ApiParts } from '../composition.js';
import { GateRoute } from '../gate/gate-route.js';
import { apiRoutesOf, methodsAt } from './api-routes.js';

// The parts are built by nobody: what the module declares is looked at, and nothing is made.
const routes = apiRoutesOf(controllersOf(appModuleOf({} as ApiParts, new GateRoute()).module));

/** Controllers of a module and of those that it imports. */
function controllersOf(each: object): Parameters<typeof apiRoutesOf>[0] {
  const imported: readonly object[] = Reflect.getMetadata('imports', each) ?? [];
  return [...(Reflect.getMetadata('controllers', each) ?? []), ...imported.flatMap(controllersOf)];
}

describe('apiRoutesOf', () => {
  it('finds no place where a request may put NUL or half a surrogate pair', () => {
    const asked = routes.flatMap(({ method, path, body, query }) =>
      [body, query].flatMap((schema) => (schema === undefined ? [] : stringsOf(schema, `${method} ${path}`))),
    );
    expect(asked.length).toBeGreaterThan(100);
    const open = asked.filter(({ schema }) => unkept.some((text) => schema.safeParse(text).success));
    expect(open.map(({ at }) => at)).toEqual([]);
  });
});

describe('methodsAt', () => {
  const here = [
    { method: 'get', path: '/v1/a' },
    { method: 'post', path: '/v1/a' },
    { method: 'patch', path: '/v1/a/:id' },
    { method: 'get', path: '/v1/a/all' },
  ];

  it.each([
    ['/v1/a', ['GET', 'HEAD', 'POST']],
    ['/v1/a/b', ['PATCH']],
    ['/v1/a/all', ['PATCH', 'GET', 'HEAD']],
    ['/v1/a/b/c', []],
    ['/v1', []],
  ])('of %s are %j', (path, methods) => {
    expect(methodsAt(here, path)).toEqual(methods);
  });
});

const unkept = ['\0', 'a\0b', '\ud800', 'a\udfffb', '\udc00\ud800', 'abcdefgh\0'];

type Place = { readonly schema: z.core.$ZodType & z.ZodType; readonly at: string };

/** Every text that a schema takes, keys included. */
function stringsOf(schema: z.core.$ZodType, at: string): Place[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'string':
      return [{ schema: schema as Place['schema'], at }];
    case 'object':
      return Object.entries(def.shape).flatMap(([name, each]) => stringsOf(each, `${at} ${name}`));
    case 'record':
      return [...stringsOf(def.keyType, `${at} key`), ...stringsOf(def.valueType, `${at} value`)];
    case 'array':
      return stringsOf(def.element, `${at}[]`);
    case 'union':
      return def.options.flatMap((each) => stringsOf(each, at));
    case 'pipe':
      return stringsOf(def.in, at);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return stringsOf(def.innerType, at);
    case 'enum':
    case 'literal':
    case 'number':
    case 'boolean':
    case 'null':
      return [];
    default:
      throw new Error(`${at} takes a ${def.type}, of which nobody knows what text it holds`);
  }
}
