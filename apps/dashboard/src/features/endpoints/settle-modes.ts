import type { Endpoint } from '@tollbook/contract';

/** When money moves, in words for whoever chooses. */
export const settleModes: { value: Endpoint['settleMode']; label: string }[] = [
  { value: 'after', label: 'After the upstream answered: a failed call costs nothing' },
  { value: 'before', label: 'Before the upstream is asked: no work without money' },
];
