import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type AnswerCode, answerCodes, answerOf } from './answers.js';

const doc = fileURLToPath(new URL('../../../../docs/x402.md', import.meta.url));
const begin = '<!-- every answer: `npx vitest run apps/api/src/gate/answers-doc.test.ts -u` writes them anew -->\n\n';
const end = '\n<!-- end -->';

it('docs/x402.md has every answer of the gate, and no other', async () => {
  const text = readFileSync(doc, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  expect(from > 0 && to > from, 'the marks stand in the file').toBe(true);
  await expect(text.slice(0, from) + begin + table() + text.slice(to)).toMatchFileSnapshot(doc);
});

function table(): string {
  // Nobody is left to read the answer to a closed connection.
  const told = answerCodes.filter((code) => code !== 'buyer_gone');
  const rows = told.sort((a, b) => answerOf(a).status - answerOf(b).status || (a < b ? -1 : 1)).map(rowOf);
  return [
    '| Status | Code | What is said | New offer | Retry-After |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function rowOf(code: AnswerCode): string {
  const { status, detail, isRepayable, retryAfterSeconds } = answerOf(code);
  const after = retryAfterSeconds === null ? '' : `${retryAfterSeconds} s`;
  return `| ${status} | \`${code}\` | ${detail} | ${isRepayable ? 'yes' : 'no'} | ${after} |`;
}
