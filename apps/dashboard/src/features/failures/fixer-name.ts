import type { Fixer } from '@tollbook/contract';

/** Who can do something about it, in words. */
export const fixerNames: Readonly<Record<Fixer, { name: string; advice: string }>> = {
  buyer: { name: 'The buyer', advice: 'Their client or their funds; nothing for you to do.' },
  you: { name: 'You', advice: 'Your upstream or your settings: look here first.' },
  facilitator: { name: 'The facilitator', advice: 'Whoever settles refused or did not answer.' },
  chain: { name: 'The chain', advice: 'The network was slow, or took something back.' },
  us: { name: 'Tollbook', advice: 'This instance: see Health.' },
};
