/**
 * The SHA-256 that a request names of its own body: `Content-Digest` of RFC 9530, a dictionary whose values are bytes.
 * Null where it names none that can be read; of several lines or members the last counts, as RFC 9651 has it.
 */
export function sha256OfContentDigest(rawHeaders: readonly string[]): Uint8Array | null {
  let digest: Uint8Array | null = null;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if ((rawHeaders[at] ?? '').toLowerCase() !== 'content-digest') continue;
    for (const member of (rawHeaders[at + 1] ?? '').split(',')) {
      const [, base64] = /^sha-256=:([A-Za-z0-9+/]{43}=):(?:;.*)?$/.exec(member.trim()) ?? [];
      if (base64 !== undefined) digest = Buffer.from(base64, 'base64');
    }
  }
  return digest;
}
