import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { describe, expect, it } from 'vitest';
import { accessOf } from './requires.decorator.js';

const sources = new URL('../', import.meta.url);
const controllerFiles = readdirSync(sources, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.controller.ts'));

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
  it.each(controllerFiles)('of %s says who may call it', async (file) => {
    const module: Record<string, unknown> = await import(new URL(file, sources).href);
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
