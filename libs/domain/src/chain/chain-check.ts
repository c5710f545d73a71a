/**
 * How often a range is read again: soon and from another node, when its chain calls it safe, and when it calls it final.
 */
export const chainCheckKinds = ['overlap', 'safe', 'final'] as const;
export type ChainCheckKind = (typeof chainCheckKinds)[number];
