/**
 * What may be sent and not yet confirmed, in whole units of a token: of one payer, for one endpoint, and of all of a
 * book together.
 */
export type ExposureCaps = { readonly perPayer: bigint; readonly perEndpoint: bigint; readonly total: bigint };

/** What is sent and not confirmed, in atomic units of one token. */
export type Exposure = {
  readonly payerAtomic: bigint;
  readonly endpointAtomic: bigint;
  readonly totalAtomic: bigint;
};

/** Whether one more payment would put more at risk than the merchant allows; what reaches a cap is still within. */
export function isOverExposed(now: Exposure, amountAtomic: bigint, caps: ExposureCaps, decimals: number): boolean {
  const unit = 10n ** BigInt(decimals);
  return (
    now.payerAtomic + amountAtomic > caps.perPayer * unit ||
    now.endpointAtomic + amountAtomic > caps.perEndpoint * unit ||
    now.totalAtomic + amountAtomic > caps.total * unit
  );
}
