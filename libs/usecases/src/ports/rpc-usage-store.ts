/** What a node was asked: requests, and the calls in them, which providers bill. */
export type RpcUsage = {
  readonly network: string;
  /** Of ours: its address may hold a key. */
  readonly node: string;
  readonly requests: number;
  readonly calls: number;
};

/** Keeps what nodes are asked in a month, by all processes together. Throws `StoreUnavailable`. */
export interface RpcUsageStore {
  /** Adds to the running month, in UTC. */
  add(usages: readonly RpcUsage[]): Promise<void>;
}
