/**
 * JSON text of a 402's body: a version 1 challenge and a problem (RFC 9457) in one object, so that clients of the
 * protocol and people read the same answer. `accepts` is the JSON text that a challenge wrote, `problem` that of an
 * object with at least one member; `code` is one of ours and needs no escaping.
 */
export function challengeBody(code: string, accepts: string, problem: string): string {
  return `{"x402Version":1,"error":"${code}","accepts":${accepts},${problem.slice(1)}`;
}
