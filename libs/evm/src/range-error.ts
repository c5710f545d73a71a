import { EvmRpcError, rpcErrorOf } from './evm-rpc-error.js';

/** What a refused eth_getLogs wants: fewer blocks, or fewer addresses and topics. */
export type RangeRefusal =
  /** `blocksMax` is what the provider says it takes, or is known to take; null where that has to be found out. */
  { readonly kind: 'too_many_blocks'; readonly blocksMax: bigint | null } | { readonly kind: 'too_many_values' };

/** Refusals that a smaller question does not mend: the node is behind, or it is asked too often. */
const otherRefusals = [
  /beyond current head|after last accepted block|unknown block|header not found|block not found/i,
  /rate.?limit|over rate|too many requests|requests per|compute units per second/i,
];

/** Too many addresses or topics at once: the list is split, the range is not. */
const valueRefusals = [
  /too many (addresses|topics)|max (addresses|topics)|less number of address|contains \d+ filters/i,
];

/** A range that would be taken: Alchemy, Aurora, Infura, zkSync, Tenderly, thirdweb and others. */
const rangesTaken = [
  /this block range should work:? \[(0x[\da-f]+), ?(0x[\da-f]+)\]/i,
  /try with this block range \[(0x[\da-f]+), ?(0x[\da-f]+)\]/i,
  /retry with the range (\d+|0x[\da-f]+) ?- ?(\d+|0x[\da-f]+)/i,
];

const count = String.raw`(\d[\d.,]*k?)`;

/** How many blocks would be taken. 1RPC writes it as a range that begins at zero. */
const countsTaken = [
  `limited to (?:an? )?(?:0 ?- ?)?${count} (?:blocks?|range)`,
  `up to an? ${count} block`,
  `max(?:imum)? (?:block )?range:? ${count}`,
  `number of requested blocks is ${count}`,
  `maximum is set to ${count}`,
  String.raw`allowed for your plan \(\d+ ?> ?${count}\)`,
  `at most ${count} blocks?`,
  `max block range ${count}`,
  `block range greater than ${count} max`,
  `block range exceeds ${count}`,
  String.raw`too wide \(maximum ${count}\)`,
  `smaller than size ${count}`,
  `blocks distance: ${count}`,
  `maximum allowed is ${count} blocks?`,
  `max is ${count}(?:/[\\d.,k]+)? blocks?`,
  `ranges over ${count} blocks`,
].map((source) => new RegExp(source, 'i'));

/** Words of one provider without a number, and what it takes: Base's own endpoint, and Ankr. */
const knownCaps: readonly (readonly [RegExp, bigint])[] = [
  [/^block range too large|no backend is currently healthy/i, 2_000n],
  [/block range is too wide/i, 3_000n],
];

/** Over too many blocks, or with too many logs in its answer, and no word on how many would do. */
const silentRefusals = [
  /block range|range (is )?too (large|wide|big)|range threshold|max(imum)? range/i,
  /returned more than|more than [\d.,k]+ (logs|results)|exceeds? (the )?max(imum)? results|exceeded max allowed/i,
  /logs matched by query exceeds|(response|answer) (size|is too big|too large|exceeds)/i,
];

/** What a failed eth_getLogs asks for; null where repeating it in parts would not help. */
export function readRangeRefusal(failure: unknown): RangeRefusal | null {
  const text = rpcErrorOf(failure)?.rpcMessage;
  if (text === undefined || otherRefusals.some((pattern) => pattern.test(text))) return null;
  if (valueRefusals.some((pattern) => pattern.test(text))) return { kind: 'too_many_values' };
  const blocksMax = blocksTaken(text) ?? knownCaps.find(([pattern]) => pattern.test(text))?.[1] ?? null;
  if (blocksMax === null && !silentRefusals.some((pattern) => pattern.test(text))) return null;
  return { kind: 'too_many_blocks', blocksMax };
}

function blocksTaken(text: string): bigint | null {
  for (const pattern of rangesTaken) {
    const [, from, to] = pattern.exec(text) ?? [];
    if (from !== undefined && to !== undefined && BigInt(to) >= BigInt(from)) return BigInt(to) - BigInt(from) + 1n;
  }
  for (const pattern of countsTaken) {
    const [, digits] = pattern.exec(text) ?? [];
    if (digits !== undefined) return readCount(digits);
  }
  return null;
}

/** `10,000`, `10.000` and `10k` are all ten thousand. Null for nothing at all. */
function readCount(text: string): bigint | null {
  const plain = text.replace(/[.,]/g, '').toLowerCase();
  const blocks = plain.endsWith('k') ? BigInt(plain.slice(0, -1)) * 1_000n : BigInt(plain);
  return blocks > 0n ? blocks : null;
}

/** Our own refusal of an answer, in words that `readRangeRefusal` knows. */
export function answerTooLarge(bytesMax: number): EvmRpcError {
  return new EvmRpcError(0, `answer exceeds ${bytesMax} bytes`, null);
}
