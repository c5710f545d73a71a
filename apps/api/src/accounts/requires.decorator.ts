import { SetMetadata } from '@nestjs/common';
import type { Permission } from '@tollbook/contract';

const accessKey = 'tollbook.access';

/** What a route asks of whoever calls it. */
export type Access = Permission | 'public';

/** Lets in only callers that hold the permission. Every route says this or `PublicRoute`; a test looks. */
export const Requires = (permission: Permission) => SetMetadata(accessKey, permission);

/** Lets everybody in: the route has no caller and reads no book of its own accord. */
export const PublicRoute = () => SetMetadata(accessKey, 'public');

/** What a handler, or else its controller, asks; undefined where nobody said. */
export function accessOf(handler: object, controller: object): Access | undefined {
  return Reflect.getMetadata(accessKey, handler) ?? Reflect.getMetadata(accessKey, controller);
}
