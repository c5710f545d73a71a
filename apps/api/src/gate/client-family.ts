/** Families of clients, told by their user agent: few, so that counts by family stay few. The first that fits wins. */
const families: readonly (readonly [family: string, sign: RegExp])[] = [
  ['tollbook', /^tollbook/i],
  ['x402', /x402/i],
  ['crawler', /bot\b|crawl|spider|slurp|facebookexternalhit|preview/i],
  ['browser', /^mozilla\//i],
  ['curl', /^(curl|wget)\//i],
  ['python', /python|aiohttp|httpx/i],
  ['node', /node|undici|axios|got\b|bun\/|deno\//i],
  ['go', /^go-http-client|resty/i],
  ['java', /java|okhttp|apache-httpclient/i],
];

const known = new Map<string, string>();
/** Agents remembered; a crawler that makes up a new one each time is looked at each time. */
const knownMax = 1_000;

/** The family of a client; `none` for one that does not say, `other` for one that fits nowhere. */
export function clientFamily(userAgent: string | undefined): string {
  if (userAgent === undefined || userAgent === '') return 'none';
  const remembered = known.get(userAgent);
  if (remembered !== undefined) return remembered;
  const short = userAgent.slice(0, agentCharsMax);
  const family = families.find(([, sign]) => sign.test(short))?.[0] ?? 'other';
  if (known.size < knownMax && userAgent.length <= agentCharsMax) known.set(userAgent, family);
  return family;
}

const agentCharsMax = 200;
