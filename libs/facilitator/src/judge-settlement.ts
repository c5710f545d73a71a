import type { Asset } from '@tollbook/domain';
import type { SettleOutcome } from '@tollbook/usecases';
import { facilitatorSettlementSchema, fromV1Network } from '@tollbook/x402';
import type { HttpAnswer } from './facilitator-http.js';

/** What was asked for, lower-case, as the answer must name it. */
export type Asked = {
  readonly asset: Asset;
  readonly payer: string;
  readonly payTo: string;
  readonly amountAtomic: bigint;
};

/**
 * What an answer to `/settle` is worth. Success is believed as far as it names a transaction and nothing but what was
 * asked for. A refusal is believed by nobody, since whoever refuses may broadcast all the same; only where a person has
 * said to trust this facilitator does a reason that it gives before sending anything count.
 */
export function judgeSettlement(answer: HttpAnswer, asked: Asked, trustsRefusals: boolean): SettleOutcome {
  if (answer.kind === 'failed') return uncertain(answer.isSent ? answer.word : `not_sent_${answer.word}`);
  if (answer.status >= 300 && answer.status < 400) return uncertain('redirect');
  const parsed = facilitatorSettlementSchema.safeParse(answer.json);
  if (!parsed.success) return uncertain(answer.status === 200 ? 'garbage' : `http_${answer.status}`);
  const { success, transaction, errorReason } = parsed.data;
  if (success) {
    if (answer.status !== 200) return uncertain(`http_${answer.status}`);
    const wrong = firstWrong(parsed.data, asked);
    if (wrong) return uncertain('echo_mismatch', wrong);
    const txHash = transaction.toLowerCase();
    return /^0x[0-9a-f]{64}$/.test(txHash) ? { kind: 'accepted', txHash } : uncertain('garbage', 'transaction');
  }
  const rawReason = errorReason ?? 'no reason given';
  if (rawReason === 'settlement_pending') return uncertain('pending', rawReason);
  const isBeforeSend = transaction === '' && answer.status < 500 && reasonsBeforeSend.has(rawReason);
  if (trustsRefusals && isBeforeSend) return { kind: 'refused', rawReason };
  return uncertain(answer.status >= 400 ? `refused_http_${answer.status}` : 'refused', rawReason);
}

type Echo = {
  readonly network?: string | null | undefined;
  readonly payer?: string | null | undefined;
  readonly amount?: string | null | undefined;
  readonly asset?: string | null | undefined;
  readonly payTo?: string | null | undefined;
};

/** The first field that names something else; what an answer leaves out contradicts nothing. */
function firstWrong(echo: Echo, { asset, payer, payTo, amountAtomic }: Asked): string | null {
  if (echo.network == null || fromV1Network(echo.network) !== asset.network) return 'network';
  if (isOther(echo.payer, payer)) return 'payer';
  if (isOther(echo.amount, amountAtomic.toString())) return 'amount';
  if (isOther(echo.asset, asset.contract)) return 'asset';
  if (isOther(echo.payTo, payTo)) return 'payTo';
  return null;
}

function isOther(named: string | null | undefined, asked: string): boolean {
  return named != null && named !== '' && named.toLowerCase() !== asked;
}

/** Reasons of the specification and of the reference package that are found before anything is broadcast. */
const reasonsBeforeSend: ReadonlySet<string> = new Set([
  'insufficient_funds',
  'invalid_exact_evm_insufficient_balance',
  'invalid_exact_evm_payload_authorization_valid_after',
  'invalid_exact_evm_payload_authorization_valid_before',
  'invalid_exact_evm_payload_authorization_value',
  'invalid_exact_evm_payload_authorization_value_mismatch',
  'invalid_exact_evm_payload_recipient_mismatch',
  'invalid_exact_evm_payload_signature',
  'invalid_exact_evm_recipient_mismatch',
  'invalid_exact_evm_signature',
  'invalid_network',
  'invalid_payload',
  'invalid_payment_requirements',
  'invalid_scheme',
  'invalid_x402_version',
  'unsupported_scheme',
]);

function uncertain(hint: string, rawReason: string | null = null): SettleOutcome {
  return { kind: 'uncertain', hint, rawReason };
}
