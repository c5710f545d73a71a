import type { PaymentDetail } from '@tollbook/contract';

const unpaid: readonly PaymentDetail['status'][] = ['failed', 'expired', 'canceled'];

/** Whether a payment that ended unpaid has a transfer in the chain: then money was taken from its buyer. */
export function hasMoneyCome({ status, transfers }: Pick<PaymentDetail, 'status' | 'transfers'>): boolean {
  return unpaid.includes(status) && transfers.some(({ stage }) => stage !== 'orphaned');
}
