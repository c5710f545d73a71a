import type { ChainUnavailable } from '@tollbook/usecases';
import { EvmRpcError } from './evm-rpc-error.js';
import { readField } from './rpc-value.js';

/** What a node answered to one call of a body. */
export type RpcOutcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: EvmRpcError };

export type MatchAnswersInput = {
  readonly answer: unknown;
  readonly firstId: number;
  readonly count: number;
  readonly redact: (text: string) => string;
  readonly unavailable: (reason: string, cause?: Error) => ChainUnavailable;
};

/**
 * Outcomes in the order of the calls, however the node ordered its answers. Each call must have one: an answer that is
 * missing, or there twice with two contents, makes the whole body worthless.
 */
export function matchAnswers(input: MatchAnswersInput): RpcOutcome[] {
  const { answer, firstId, count, redact, unavailable } = input;
  const answers: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  const byId = new Map<string, unknown>();
  for (const each of answers) {
    const id = String(readField(each, 'id'));
    const earlier = byId.get(id);
    if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(each)) {
      throw unavailable('two different answers to one call');
    }
    byId.set(id, each);
  }
  const refusal = answers.map((each) => (readField(each, 'id') === null ? readRpcError(each, redact) : undefined));
  return Array.from({ length: count }, (_, index) => {
    const outcome = readOutcome(byId.get(String(firstId + index)), redact);
    if (outcome) return outcome;
    // A node that refuses a body as a whole answers one error with the id null.
    const whole = refusal.find((error) => error !== undefined);
    throw whole ? unavailable(whole.message, whole) : unavailable('an answer is missing or malformed');
  });
}

function readOutcome(answer: unknown, redact: (text: string) => string): RpcOutcome | undefined {
  const error = readRpcError(answer, redact);
  if (error) return { kind: 'error', error };
  const value = readField(answer, 'result');
  return value === undefined ? undefined : { kind: 'result', value };
}

/** The error in an answer, undefined when it holds none. */
export function readRpcError(answer: unknown, redact: (text: string) => string): EvmRpcError | undefined {
  const error = readField(answer, 'error');
  if (error === undefined || error === null) return undefined;
  const code = readField(error, 'code');
  const message = readField(error, 'message') ?? (typeof error === 'string' ? error : 'no message');
  return new EvmRpcError(typeof code === 'number' ? code : 0, redact(String(message)), revertData(error));
}

/** Nodes put revert data at `data`, at `data.data` or, Parity style, into a text such as `Reverted 0x08c379a0…`. */
function revertData(error: unknown): string | null {
  const data = readField(error, 'data');
  const text = typeof data === 'string' ? data : readField(data, 'data');
  return typeof text === 'string' ? (/(?:^|Reverted )(0x[0-9a-f]*)$/i.exec(text)?.[1] ?? null) : null;
}
