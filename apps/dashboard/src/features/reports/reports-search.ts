import { z } from 'zod';

/** How revenue is added up. */
export const reportGroups = ['day', 'endpoint', 'network'] as const;

/** What the report reads from its address, besides the range. */
export const reportsSearchShape = {
  by: z.enum(reportGroups).optional(),
};
