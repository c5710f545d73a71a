/** Everything that `TransferRow` holds, of the table called `transfer`. */
export function transferColumns(transfer: string): string {
  return [
    'book_id',
    'transfer_id',
    'network_id',
    'block_number',
    'block_hash',
    'block_time',
    'tx_hash',
    'position',
    'asset_id',
    'from_address',
    'to_address',
    'from_wallet_id',
    'to_wallet_id',
    'amount_atomic',
    'replay_key',
  ]
    .map((column) => `${transfer}.${column}`)
    .join(', ');
}
