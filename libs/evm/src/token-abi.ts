import { assert } from '@tollbook/domain';

/**
 * The parts of USDC's interface that we speak, encoded by hand: every argument but one is a static word. viem's
 * decoding checksums addresses, at about ten times the cost (decoding is the indexer's hot path).
 */

/** First topics: keccak-256 of the events' signatures. */
export const eventTopics = {
  /** `Transfer(address,address,uint256)` */
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  /** `AuthorizationUsed(address,bytes32)` */
  authorizationUsed: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
  /** `AuthorizationCanceled(address,bytes32)` */
  authorizationCanceled: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
} as const;

/** First four bytes of calls. */
export const selectors = {
  balanceOf: '0x70a08231',
  authorizationState: '0xe94a0102',
  /** `transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)` */
  transferWithAuthorization: '0xe3ee160e',
  /** The same with `bytes signature` in place of the last three. */
  transferWithAuthorizationBytes: '0xcf092995',
  name: '0x06fdde03',
  version: '0x54fd4d50',
  symbol: '0x95d89b41',
  decimals: '0x313ce567',
  domainSeparator: '0x3644e515',
} as const;

/** `TransferWithAuthorization(address from,…,bytes32 nonce)`, hashed (EIP-3009). */
export const transferTypeHash = '0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267';
/** `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)`, hashed. */
export const domainTypeHash = '0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f';

/** One 32-byte word without prefix: a number, or hex of at most 32 bytes padded on the left. */
export function word(value: bigint | string): string {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2).toLowerCase();
  assert(digits.length <= 64 && /^[0-9a-f]+$/.test(digits), 'a word holds 256 bits');
  return digits.padStart(64, '0');
}

/** Words after a selector or a type hash. */
export function encodeWords(prefix: `0x${string}`, ...values: readonly (bigint | string)[]): `0x${string}` {
  return `${prefix}${values.map(word).join('')}`;
}

/** The address in a topic, or undefined when the topic holds more than an address. */
export function addressOfTopic(topic: string): string | undefined {
  return topic.startsWith('0x000000000000000000000000') ? `0x${topic.slice(26)}` : undefined;
}
