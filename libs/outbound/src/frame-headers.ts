/** Header fields in order, repeated ones repeated. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** These say how the message is framed and routed on our own connection; a caller's would break or redirect it. */
const OWN_FIELDS = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The caller's fields as undici wants them, without those we set; `content-length` stays for streamed bodies only. */
export function frameHeaders(fields: HeaderFields, userAgent: string, isBodyStreamed: boolean): string[] {
  const framed: string[] = [];
  let hasUserAgent = false;
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (OWN_FIELDS.has(lower) || (lower === 'content-length' && !isBodyStreamed)) continue;
    hasUserAgent ||= lower === 'user-agent';
    framed.push(name, value);
  }
  if (!hasUserAgent) framed.push('user-agent', userAgent);
  return framed;
}

/** Raw fields of a response with lower-case names; bytes above ASCII are kept one to one (latin1). */
export function readHeaders(raw: unknown): [name: string, value: string][] {
  if (!Array.isArray(raw)) return [];
  const fields: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    fields.push([textOf(raw[index]).toLowerCase(), textOf(raw[index + 1])]);
  }
  return fields;
}

function textOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
}
