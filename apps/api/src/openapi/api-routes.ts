import { RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { ModulesContainer } from '@nestjs/core';
import type { z } from 'zod';
import { type Access, accessOf } from '../accounts/requires.decorator.js';
import { SchemaPipe } from '../schema.pipe.js';

/** One route as its controller declares it. */
export type ApiRoute = {
  /** Lower case. */
  readonly method: string;
  /** With a slash before it, and parameters as `:id`. */
  readonly path: string;
  /** Such as `Endpoints_create`. */
  readonly name: string;
  readonly access: Access | undefined;
  readonly httpStatus: number;
  readonly body: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
};

type Controller = { readonly name: string; readonly prototype: object };

/** Every route of an application, so that none is forgotten. */
export function apiRoutesIn(modules: ModulesContainer): readonly ApiRoute[] {
  const found = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return apiRoutesOf(found.flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype] : [])));
}

/** The methods that a path answers to, as `Allow` names them; none where there is nothing at all. */
export function methodsAt(routes: readonly Pick<ApiRoute, 'method' | 'path'>[], path: string): readonly string[] {
  const parts = path.split('/');
  const isHere = (pattern: readonly string[]) =>
    pattern.length === parts.length && pattern.every((part, at) => part.startsWith(':') || part === parts[at]);
  const methods = routes.flatMap((route) => (isHere(route.path.split('/')) ? [route.method.toUpperCase()] : []));
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

/** Every route of controllers, from the metadata that Nest itself routes by. */
export function apiRoutesOf(controllers: readonly Controller[]): readonly ApiRoute[] {
  return controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value;
      const method: RequestMethod | undefined =
        typeof handler === 'function' ? Reflect.getMetadata(METHOD_METADATA, handler) : undefined;
      if (method === undefined) return [];
      const verb = RequestMethod[method] ?? 'GET';
      const path = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)];
      return {
        method: verb.toLowerCase(),
        path: `/${path
          .flatMap((part) => String(part).split('/'))
          .filter(Boolean)
          .join('/')}`,
        name: `${controller.name.replace(/Controller$/, '')}_${name}`,
        access: accessOf(handler, controller as unknown as object),
        httpStatus: Reflect.getMetadata(HTTP_CODE_METADATA, handler) ?? (verb === 'POST' ? 201 : 200),
        body: schemaOf(controller, name, RouteParamtypes.BODY),
        query: schemaOf(controller, name, RouteParamtypes.QUERY),
      };
    }),
  );
}

/** The schema that a parameter of a kind is parsed by; undefined where there is none. */
function schemaOf(controller: Controller, name: string, kind: number): z.ZodType | undefined {
  const parameters: Readonly<Record<string, { readonly pipes?: readonly unknown[] }>> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  const found = Object.entries(parameters).filter(([key]) => key.startsWith(`${kind}:`));
  const pipe = found.flatMap(([, { pipes = [] }]) => pipes).find((each) => each instanceof SchemaPipe);
  return pipe?.schema;
}
