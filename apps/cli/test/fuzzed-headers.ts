/** Numbers in [0, 1) that follow from a seed (mulberry32), so that a failure is the same failure tomorrow. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Header lines of one request: names in turn with values. */
export type FuzzedRequest = readonly string[];

/**
 * Requests with payment headers that no honest client sends, without end: two real payments, signed by nobody, whose
 * text, JSON or base64 is changed somewhere, and what never was one.
 */
export function* fuzzedHeaders(seed: number, v2: object, v1: object): Generator<FuzzedRequest> {
  const random = seeded(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const text = (length: number) =>
    Array.from({ length: below(length) }, () => String.fromCharCode(below(0x250))).join('');
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join('');
  const deep = (depth: number): unknown => {
    let value: unknown = 1;
    for (let at = 0; at < depth; at += 1) value = below(2) === 0 ? [value] : { a: value };
    return value;
  };
  const anything = (): unknown =>
    pick([
      () => null,
      () => true,
      () => below(2 ** 31) - 2 ** 30,
      () => 1e308 * 10 ** below(3),
      () => -0,
      () => '',
      () => text(40),
      () => 'x'.repeat(below(3_000)),
      () => `0x${hex(pick([0, 1, 39, 40, 41, 63, 64, 65, 130, 131, 400]))}`,
      () => `0x${hex(128)}${'6492'.repeat(16)}`,
      () => String(2n ** BigInt(below(260))),
      () => `-${below(9)}`,
      () => '0x10',
      () => '1e6',
      () => [],
      () => ({}),
      () => ({ ['__proto__']: { x402Version: 2 } }),
      () => deep(below(40)),
    ])();
  const places = (value: object): [object, string][] =>
    Object.entries(value).flatMap(([key, each]): [object, string][] => [
      [value, key],
      ...(typeof each === 'object' && each !== null ? places(each) : []),
    ]);
  const changedJson = (payment: object): string => {
    const copy: object = structuredClone(payment);
    for (let times = 1 + below(3); times > 0; times -= 1) {
      const [owner, key] = pick(places(copy));
      if (below(5) === 0) Reflect.deleteProperty(owner, key);
      else Reflect.set(owner, pick([key, key, key, text(8), '__proto__', 'constructor']), anything());
    }
    return JSON.stringify(copy);
  };
  const changedText = (json: string): string => {
    const at = below(json.length);
    return (
      json.slice(0, at) + pick([text(6), '', '"', '{', '}', ',', '\\u0000', '1', '"a":1,']) + json.slice(at + below(8))
    );
  };
  const base64 = (json: string) => Buffer.from(json, pick(['utf8', 'utf8', 'latin1', 'utf16le'])).toString('base64');
  const changedBase64 = (header: string): string => {
    const at = below(header.length);
    return header.slice(0, at) + pick(['=', ' ', '-', '_', '*', ',', '', 'A', '==', '%']) + header.slice(at + below(3));
  };
  const value = (payment: object): string =>
    pick([
      () => base64(changedJson(payment)),
      () => base64(changedJson(payment)),
      () => base64(changedText(JSON.stringify(payment))),
      () => changedBase64(base64(JSON.stringify(payment))),
      () => base64(text(200)),
      () => base64(JSON.stringify(anything())),
      () => Buffer.from(text(100), 'latin1').toString('latin1'),
      () => 'A'.repeat(below(12_000)),
    ])();
  for (;;) {
    const version = pick([2, 1] as const);
    const name = version === 2 ? 'PAYMENT-SIGNATURE' : 'X-PAYMENT';
    const header = legal(value(version === 2 ? v2 : v1));
    yield pick([
      () => [name, header],
      () => [name, header],
      () => [name, header],
      () => [name, header],
      () => [name, header],
      () => [name, header, name, legal(value(v2)).slice(0, secondCharsMax)],
      () => [name, header, pick(['X-PAYMENT', 'PAYMENT-SIGNATURE']), header.slice(0, secondCharsMax)],
      () => [pick(['X-X402-Intent', 'Pay', 'Authorization']), pick([header, `x402 ${header}`])],
    ])();
  }
}

/** Sixteen kilobytes of headers are the server's to refuse, with a connection that it closes. */
const firstCharsMax = 12_000;
const secondCharsMax = 3_000;

/** Without what no HTTP client can put into a header. */
function legal(value: string): string {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, firstCharsMax);
}
