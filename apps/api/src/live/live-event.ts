/** An event of a feed, as it is told. */
export type LiveEvent = { readonly position: number; readonly type: string; readonly json: string };
