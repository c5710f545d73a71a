import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { describe, expect, it } from 'vitest';
import { accessOf } from './requires.decorator.js';

const sources = new URL('../', import.meta.url);
const controllerFiles = readdirSync(sources, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.controller.ts'));
// Before the tests: the first of these imports brings the whole api along, and a test has a time limit.
const controllerModules = await Promise.all(
  controllerFiles.map(
    async (file): Promise<[string, Record<string, unknown>]> => [file, await import(new URL(file, sources).href)],
  ),
);

/** Methods of a controller that answer a route. */
function handlersOf(controller: { readonly prototype: object }): [string, object][] {
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name): [string, object][] => {
    const method: unknown = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
    return typeof method === 'function' && Reflect.hasMetadata(PATH_METADATA, method) && name !== 'constructor'
      ? [[name, method]]
      : [];
  });
}

describe('every route', () => {
  it.each(controllerModules)('of %s says who may call it', (_file, module) => {
    const controllers = Object.values(module).filter(
      (each): each is { prototype: object; name: string } =>
        typeof each === 'function' && Reflect.hasMetadata(PATH_METADATA, each),
    );
    expect(controllers).not.toHaveLength(0);
    for (const controller of controllers) {
      const silent = handlersOf(controller).filter(([, handler]) => accessOf(handler, controller) === undefined);
      expect(silent.map(([name]) => `${controller.name}.${name}`)).toEqual([]);
    }
  });
});
