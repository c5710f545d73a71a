import { assert, factsHash, type PostableAllocation } from '@tollbook/domain';
import type { ChangeDeps } from './change-attempt.js';
import type { AllocationRecord, TransferRecord } from './ports/records.js';

/** An allocation with the wallet that its transfer reached or left, ready to be posted. */
export function postableAllocation(
  deps: ChangeDeps,
  transfer: TransferRecord,
  allocation: AllocationRecord,
  endpointId: string | null,
  day: string,
): PostableAllocation {
  const isOutgoing = allocation.bucket === 'sweep' || allocation.bucket === 'refund';
  const receiving = walletOf(deps, transfer, transfer.toWalletId, transfer.to);
  const sending = walletOf(deps, transfer, transfer.fromWalletId, transfer.from);
  const wallet = isOutgoing ? sending : receiving;
  assert(wallet !== null, 'a transfer that is allocated touches a wallet of its book');
  return {
    allocationId: allocation.allocationId,
    bucket: allocation.bucket,
    amountAtomic: allocation.amountAtomic,
    assetId: transfer.assetId,
    intentId: allocation.intentId,
    endpointId,
    wallet,
    otherWallet: allocation.bucket === 'self' ? sending : null,
    ...(allocation.isOwed === undefined ? {} : { isOwed: allocation.isOwed }),
    network: transfer.network,
    blockNumber: transfer.blockNumber,
    effectiveAtUnixSeconds: transfer.blockTimeUnixSeconds,
    localDay: day,
    factsHash: factsHash(transfer, allocation, deps.crypto.sha256),
  };
}

function walletOf(deps: ChangeDeps, transfer: TransferRecord, walletId: string | null, address: string) {
  if (walletId === null) return null;
  const shown = deps.formatAddress(transfer.network, address);
  return { type: 'wallet', network: transfer.network, address: shown, walletId } as const;
}
