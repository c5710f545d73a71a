import { z } from 'zod';
import { type ProblemCode, problems } from './problem-codes.js';

/** A refusal on the wire (RFC 9457, `application/problem+json`). More members may stand beside these. */
export const problemSchema = z.looseObject({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.int().min(400).max(599),
  /** Stable: programs go by it. Later releases may add codes. */
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** What happened this time, for people. */
  detail: z.string(),
});

export type Problem = z.infer<typeof problemSchema>;

/** The problem that a code stands for, with its usual status and title; `detail` says what happened this time. */
export function problemOf(code: ProblemCode, detail: string): Problem {
  const { status, title } = problems[code];
  return { type: `urn:tollbook:problem:${code}`, title, status, code, detail };
}
