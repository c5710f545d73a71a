/** Where a node listens, with its credentials apart, so that no message can repeat them. */
export type RpcEndpoint = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text that is fit for logs and for people: no URLs, none of our credentials, at most 300 characters. */
  redact(text: string): string;
};

const secretLengthMin = 8;
const textLengthMax = 300;

/** Splits a URL; throws without naming it. `user:password@` becomes a header, because fetch refuses it in a URL. */
export function rpcEndpoint(urlText: string): RpcEndpoint {
  if (!URL.canParse(urlText)) throw new Error('the RPC URL is not a URL');
  const url = new URL(urlText);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('the RPC URL must be http or https');
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const secrets = [user, password, url.host, ...url.pathname.split('/'), ...url.searchParams.values()]
    .filter((secret) => secret.length >= secretLengthMin)
    .sort((a, b) => b.length - a.length);
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (user !== '' || password !== '') {
    headers.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    headers,
    redact(text) {
      const plain = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
      const line = plain
        .replace(/\b(https?|wss?):\/\/\S+/gi, '…')
        .replace(/\s+/g, ' ')
        .trim();
      return line.length > textLengthMax ? `${line.slice(0, textLengthMax)}…` : line;
    },
  };
}
