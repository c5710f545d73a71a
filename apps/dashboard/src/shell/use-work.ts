export interface Work {
  unmatched: number;
  unknown: number;
  webhooks: number;
  health: 'ok' | 'warning' | 'failing' | 'unknown';
}

/** The work that waits, for the badges of the rail. */
export function useWork(): Work {
  return { unmatched: 0, unknown: 0, webhooks: 0, health: 'unknown' };
}
