/** Test money and live money never stand in one book, one screen or one total. */
export const modes = ['test', 'live'] as const;
export type Mode = (typeof modes)[number];
