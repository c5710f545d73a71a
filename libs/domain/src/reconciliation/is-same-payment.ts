import type { AttemptKind } from '../payment/attempt.js';

type Arrived = { readonly toWalletId: string | null; readonly assetId: number; readonly amountAtomic: bigint };
type Promised = { readonly walletId: string; readonly assetId: number };
type Signed = { readonly kind: AttemptKind; readonly amountAtomic: bigint };

/**
 * Whether a transfer under an attempt's key is the payment that was promised: to the wallet of its frozen terms and of
 * exactly the amount signed for. A payer may sign one nonce twice; what then came elsewhere is not this sale's money.
 * A transaction that the buyer showed signs for no amount: how much of it pays is matched afterwards.
 */
export function isSamePayment(transfer: Arrived, terms: Promised, attempt: Signed): boolean {
  const isSigned = attempt.kind !== 'authorization' || attempt.amountAtomic === transfer.amountAtomic;
  return transfer.toWalletId === terms.walletId && transfer.assetId === terms.assetId && isSigned;
}
