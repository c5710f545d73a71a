import { EvmRpcError, rpcErrorOf } from './evm-rpc-error.js';

/** Refusals that a smaller range does not mend: the node is behind, or we ask too often or for too many addresses. */
const otherRefusals = [
  /beyond current head|after last accepted block|unknown block|header not found|block not found/i,
  /rate.?limit|over rate|too many requests|requests per|compute units per second/i,
  /too many (addresses|topics)|max (addresses|topics)|less number of address|query contains \d+ filters/i,
];

/** What providers say to an eth_getLogs over too many blocks, or with too many logs in its answer. */
const rangeRefusals = [
  /block range|range (is )?too (large|wide|big)|range threshold|ranges? (over|limit|exceed)|max(imum)? range/i,
  /(limited to|at most|maximum allowed is|up to|greater than) (a )?[\d.,k]+ ?(blocks?|range)/i,
  /blocks distance|number of requested blocks|must be smaller than size|retry with the range|exceeds the range/i,
  /returned more than|more than [\d.,k]+ (logs|results)|exceeds? (the )?max(imum)? results|exceeded max allowed/i,
  /logs matched by query exceeds|(response|answer) (size|is too big|too large|exceeds)|response too large/i,
  // Base's public endpoint answers this to ranges that are too wide.
  /no backend is currently healthy/i,
];

/** Whether a failed eth_getLogs is worth repeating over fewer blocks. */
export function isRangeTooLarge(failure: unknown): boolean {
  const text = rpcErrorOf(failure)?.rpcMessage;
  if (text === undefined || otherRefusals.some((pattern) => pattern.test(text))) return false;
  return rangeRefusals.some((pattern) => pattern.test(text));
}

/** Our own refusal of an answer, in words that `isRangeTooLarge` knows. */
export function answerTooLarge(bytesMax: number): EvmRpcError {
  return new EvmRpcError(0, `answer exceeds ${bytesMax} bytes`, null);
}
