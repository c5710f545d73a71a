import { describe, expect, it } from 'vitest';
import { permissions, permissionsOf, scopeSchema } from './permissions.js';

describe('permissionsOf', () => {
  it('gives everything for the star, alone or beside others', () => {
    expect(permissionsOf(['*'])).toEqual(permissions);
    expect(permissionsOf(['payments:read', '*'])).toEqual(permissions);
  });

  it('gives what is named and known, and nothing else', () => {
    expect(permissionsOf(['payments:read', 'money:print'])).toEqual(['payments:read']);
    expect(permissionsOf([])).toEqual([]);
  });

  it('reads a scope only as it is spelled', () => {
    expect(scopeSchema.safeParse('payments:read').success).toBe(true);
    expect(scopeSchema.safeParse('payments').success).toBe(false);
  });
});
