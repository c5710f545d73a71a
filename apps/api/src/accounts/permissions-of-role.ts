import { type Permission, permissions } from '@tollbook/contract';
import type { MemberRole } from '@tollbook/usecases';

/** What each role may do. */
const permissionsByRole: Readonly<Record<MemberRole, readonly Permission[]>> = { owner: permissions };

export function permissionsOfRole(role: MemberRole): readonly Permission[] {
  return permissionsByRole[role];
}
