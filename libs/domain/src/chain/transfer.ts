/** One chain fact: a token movement to or from a watched wallet. Its facts never change. Hex is lower-case. */
export type Transfer = {
  readonly network: string;
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly blockTimeUnixSeconds: number;
  readonly txHash: string;
  /** EVM: the log's index in its block. */
  readonly position: number;
  readonly contract: string;
  readonly from: string;
  readonly to: string;
  readonly amountAtomic: bigint;
  /** The authorization this transfer carried out, if any: then authorizer is `from`. */
  readonly authorizationNonce: string | null;
};
