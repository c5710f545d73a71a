import type { PatternRefusal, PriceRefusal } from '@tollbook/domain';

/** Why a change of the configuration is refused; each is a code of the merchant API. */
export type ConfigurationRefusalReason =
  | PatternRefusal
  | PriceRefusal
  | 'price_free_not_offered'
  | 'price_effective_from_invalid'
  | 'asset_unknown'
  | 'network_unknown'
  | 'network_mode_mismatch'
  | 'network_not_configured'
  | 'network_refused'
  | 'network_repeated'
  | 'wallet_missing'
  | 'endpoint_exists'
  | 'endpoint_archived'
  | 'upstream_invalid'
  | 'upstream_not_allowed'
  | 'timeout_out_of_range'
  | 'cap_out_of_range'
  | 'challenge_too_large'
  | 'address_invalid'
  | 'wallet_exists'
  | 'wallet_not_empty'
  | 'wallet_has_no_code'
  | 'start_block_in_future'
  | 'wallet_receives_already'
  | 'key_expiry_invalid'
  | 'permission_missing'
  | 'endpoint_unknown'
  | 'not_found';

/** A change that was refused: nothing was written. `parameter` is the field at fault, by its name on the wire. */
export type ConfigurationRefusal = {
  readonly kind: 'refused';
  readonly reason: ConfigurationRefusalReason;
  readonly parameter: string | null;
  readonly detail: string;
};

export function refuse(
  reason: ConfigurationRefusalReason,
  parameter: string | null,
  detail: string,
): ConfigurationRefusal {
  return { kind: 'refused', reason, parameter, detail };
}
