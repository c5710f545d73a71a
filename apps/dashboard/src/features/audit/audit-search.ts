import { z } from 'zod';

/** What the audit log reads from its address. */
export const auditSearchShape = {
  object: z.string().max(100).optional(),
  actor: z.string().max(100).optional(),
};
