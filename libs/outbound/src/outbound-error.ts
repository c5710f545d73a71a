/**
 * Why a call failed. `reset`: the peer broke off or answered something that is not HTTP.
 * `too_large`: headers over 16 kB, or a body over the cap with `onTooLarge: 'fail'`.
 * `invalid_request`: method, header or body that cannot be sent, a mistake of the caller.
 */
export type OutboundErrorCode =
  | 'address_blocked'
  | 'unresolvable'
  | 'connect_failed'
  | 'timeout'
  | 'reset'
  | 'too_large'
  | 'invalid_url'
  | 'invalid_request'
  | 'aborted';

const MESSAGES: Readonly<Record<OutboundErrorCode, string>> = {
  address_blocked: 'the address of this URL is blocked',
  unresolvable: 'the host name of this URL has no address',
  connect_failed: 'no connection could be made',
  timeout: 'no complete answer came in time',
  reset: 'the connection broke before a complete answer came',
  too_large: 'the answer is larger than allowed',
  invalid_url: 'the URL must be http:// or https://, without user name and password',
  invalid_request: 'the request cannot be sent as it is',
  aborted: 'the call was aborted',
};

/**
 * A failed call. Its message may be shown to tenants: it never tells what a name resolved to (the `cause` may).
 * `isSent` false promises that the peer saw no byte of the request; true means it may have acted on it.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  constructor(
    readonly code: OutboundErrorCode,
    readonly isSent: boolean,
    options?: { cause: unknown },
  ) {
    super(MESSAGES[code], options);
  }
}
