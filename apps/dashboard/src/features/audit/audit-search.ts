import { z } from 'zod';

/** What the audit log reads from its address. */
export const auditSearchShape = {
  action: z.string().max(100).optional(),
  actor: z.string().max(200).optional(),
  target: z.string().max(200).optional(),
};
