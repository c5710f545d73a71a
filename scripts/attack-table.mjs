/**
 * The attacks that this product is held against, and which tests try them. A test names its rows at the end of its title:
 * `(A01)`, `(A05, A21)`. `docs/attacks.md` is made from this.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** Tests of the running product; a row must have one here. */
const runningProduct = /^apps\/cli\/test\/.*\.ts$/;
/** Where two gates stand before one database. */
export const suite = 'apps/cli/test/attacks';

/** Each row: what is tried, and what it gets. A row that is not ours yet says why in `later`. */
export const attacks = [
  [
    'A01',
    'One payment is sent many times.',
    'One run of the upstream, one transfer; every copy gets the stored answer, or 409 while the first runs.',
  ],
  [
    'A02',
    'A payment for one resource is shown at another of the same price.',
    '402 `resource_mismatch` or `invoice_unknown` before it was used, 409 `payment_used_elsewhere` after. The first claim fixes the resource.',
  ],
  [
    'A03',
    'Copies race through the settlement, each told that it succeeded.',
    'One row in PostgreSQL decides; the facilitator is asked once.',
  ],
  [
    'A04',
    'One payment in many encodings: the other s of a signature, other letters, other base64.',
    'The key of a payment is made of what was decoded. Each spelling is the same payment, or is refused.',
  ],
  [
    'A05',
    'The payer spends the money between the check and the settlement.',
    'Judged again after a slow upstream; sent first where the endpoint is paid first; served value stands within caps, and what was served for nothing is booked as a loss.',
  ],
  [
    'A06',
    'The settlement is broadcast and its answer lost, so that the buyer pays again.',
    '503 `payment_outcome_unknown`, never a new offer; the same payload is served once the chain has told.',
  ],
  [
    'A07',
    'The gate dies after the money moved.',
    'The same payload gets the stored answer from another gate; what nobody comes back for is on record as paid and not served.',
  ],
  [
    'A08',
    'A facilitator that lies, or was taken over.',
    'Its answer must echo the payment; a transaction that our node knows as another is not believed; books come from the chain alone.',
  ],
  [
    'A09',
    'The facilitator is away, redirects or talks nonsense, so that the gate fails open.',
    '503 `settlement_unavailable`, with nothing claimed and nothing run; also from the first moment of a gate.',
  ],
  [
    'A10',
    'Slow settlements are poured in until honest buyers time out.',
    'Settlements that hang hold up nobody else; what waits is bounded, and beyond the bounds it is 503 `gate_busy` or 409 before any claim.',
  ],
  [
    'A11',
    'One allowance (`upto`) is spent by many at once.',
    null,
    'Belongs to plans: credits that many draw from at once. The scheme `upto` itself is not spoken.',
  ],
  [
    'A12',
    'Recipient, token, network, amount or scheme are changed in the payload.',
    '402 with the first field that differs; our own terms are what is measured by.',
  ],
  [
    'A13',
    'Another token is taken for USDC: other decimals, name, version or chain.',
    '402 `signature_invalid`, `asset_mismatch` or `amount_mismatch`; tokens go by network and contract, and a network where the token is not what it should be is closed from the start.',
  ],
  [
    'A14',
    'A token of the attacker’s own says that it paid us.',
    'Logs of other contracts are never read; nothing is booked.',
  ],
  [
    'A15',
    'Transfers of nothing, to oneself, or with addresses that look familiar.',
    'Nothing is booked for nothing, and money to oneself goes in and out; payments after them are confirmed as ever.',
  ],
  [
    'A16',
    'A transaction succeeds and moves nothing.',
    'What counts is the transfer with exactly these ends and this amount, not the status of its transaction.',
  ],
  [
    'A17',
    'A price is changed between offer and payment.',
    'The offer is honoured at its own price until its grace ends; less than the offer that is named is refused.',
  ],
  [
    'A18',
    'An authorization that is over, not yet valid, nearly over or valid for ever.',
    '402 `authorization_window`: it must live as long as verifying, serving and sending take, and no longer than was asked.',
  ],
  [
    'A19',
    'A block is replaced after the goods were handed out.',
    'The payment steps back, the books are reversed, the merchant is told once; included again it is booked again.',
  ],
  [
    'A20',
    'Somebody else broadcasts the signed authorization first.',
    'The chain credits it whoever sent it; one that was used before it was shown proves nothing: 403 `transfer_proof_required`.',
  ],
  [
    'A21',
    'The payer cancels the authorization while the gate works.',
    '402 `authorization_canceled`, with nothing run where it was canceled before; judged again after a slow upstream.',
  ],
  [
    'A22',
    'A contract signs, and changes hands before it is charged.',
    'It is asked again right before the send: 402 `signature_invalid`, nothing sent.',
  ],
  [
    'A23',
    'Solana: instructions that drain the fee payer, or a second transfer.',
    null,
    'Belongs to payments on Solana, which is not among the networks yet.',
  ],
  [
    'A24',
    'Solana: failed transactions, token accounts, transfer fees, gaps in signature lists.',
    null,
    'Belongs to payments on Solana, which is not among the networks yet.',
  ],
  [
    'A25',
    'Solana: a signature that an old library did not check.',
    null,
    'Belongs to payments on Solana, which is not among the networks yet.',
  ],
  [
    'A26',
    'Another spelling of a path reaches the upstream past the gate.',
    '400 `path_not_canonical` or 404 `endpoint_unknown`; paid or not, nothing runs.',
  ],
  [
    'A27',
    'HEAD, a rare verb or an overridden method.',
    'HEAD is priced like GET, OPTIONS is a preflight, any other verb is refused; an overridden method is ignored.',
  ],
  [
    'A28',
    'A shared cache hands out what somebody else paid for.',
    '`no-store` on offers, `private, no-store` and `Vary` on what was paid, whatever the upstream says.',
  ],
  [
    'A29',
    'Payment headers that are too large, too deep, or broken.',
    '400 `payment_malformed`, from bounded work; never a 5xx, never an echo.',
  ],
  ['A30', 'Two payments in one request, or both versions at once.', '400 `payment_malformed`.'],
  [
    'A31',
    'A second request hides in the framing of the first; a buyer speaks with our headers.',
    '400 and the connection ends; requests to the upstream are built anew, without headers of ours, of the payment or of one hop.',
  ],
  [
    'A32',
    'A forged Host changes where the offer says to pay.',
    'Addresses come from the configured base URL; two hosts are 400.',
  ],
  [
    'A33',
    'Errors of the upstream are free, and an endless one fills the memory.',
    'A short 4xx passes uncharged; every other failure is replaced by ours, and an endless one is cut off at its bound.',
  ],
  [
    'A34',
    'The price is talked down by query, headers or content negotiation.',
    'The same price; what it may depend on is part of the offer.',
  ],
  [
    'A35',
    'Texts of an offer carry instructions or another recipient.',
    'Offers are the same fixed fields everywhere; texts are plain and escaped; recipients come from the wallets of the shop alone, and a change is in the audit log.',
  ],
  [
    'A36',
    'An old receipt or a transaction hash is shown as a payment.',
    'A receipt is no payment. A hash is public: it counts once, and only with a signature of its sender or an amount that was promised to one invoice; without, 403 `transfer_proof_required` and the text to sign. No price is ever promised, so an invoice that was opened beforehand gets nothing of what others pay.',
  ],
  [
    'A37',
    'The invoice of another is named, guessed or mended.',
    'Ids carry a code that only we can make; an amount is promised to one open invoice at a time, and what fits none stays unmatched.',
  ],
  [
    'A38',
    'The payer or our wallet is frozen by the token.',
    '402 `verification_refused` before anything runs, with nothing claimed for good: thawed, the same payload is taken.',
  ],
  [
    'A39',
    'A configured URL points inside, or holds a secret.',
    'Refused with 422 when it is configured, and again by address when it is called; errors name no secret.',
  ],
  [
    'A40',
    'The signed payload is copied from the public transaction.',
    '409 `payment_used_elsewhere` for whoever has not the invoice id, which is never on the chain.',
  ],
  [
    'A41',
    'A facilitator refuses, and then broadcasts.',
    '503 `payment_outcome_unknown`; a remote refusal after sending proves nothing.',
  ],
  [
    'A42',
    'A gate is paused around the send, and wakes up when another has taken over.',
    'Its claim has another epoch: it sends nothing, the buyer is served elsewhere, and money moves once.',
  ],
  [
    'A43',
    'A gate is killed at every step, also where it is paid first.',
    'The same payload sent again is served and paid once; the upstream sees one idempotency key.',
  ],
].map(([id, attack, answer, later = null]) => ({ id, attack, answer, later }));

const marked = /^(.*?) ?\(((?:[A-Z]\d\d, )*A\d\d(?:, [A-Z]\d\d)*)\)$/s;
const testWords = new Set(['it', 'test']);
const groupWords = new Set(['describe', 'suite']);
/** What may stand behind such a word and the tests still run, always and to be passed; `skip`, `todo`, `skipIf` do not. */
const running = new Set(['each', 'for', 'concurrent', 'sequential']);

/** The tests in a file that name rows, by row. Only a test that runs counts, with a title of its own and a body. */
export function marksIn(path, text) {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0].message}`);
  const marks = [];
  collect(program, path, marks);
  return marks;
}

function collect(node, path, marks) {
  if (Array.isArray(node)) {
    for (const each of node) collect(each, path, marks);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'CallExpression') {
    const { word, behind } = calleeOf(node.callee);
    const isTest = testWords.has(word);
    // Whatever stands inside what does not run does not run either.
    if ((isTest || groupWords.has(word)) && (!behind.every((each) => running.has(each)) || isOff(node))) return;
    if (isTest && hasBody(node)) marks.push(...marksOf(titleOf(node.arguments[0]), path));
  }
  for (const value of Object.values(node)) collect(value, path, marks);
}

/** `it.concurrent.each(rows)('…', run)` is the word `it` with `concurrent` and `each` behind it. */
function calleeOf(callee) {
  if (callee.type === 'Identifier') return { word: callee.name, behind: [] };
  if (callee.type === 'CallExpression') return calleeOf(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return calleeOf(callee.tag);
  if (callee.type !== 'MemberExpression') return { word: null, behind: [] };
  const { word, behind } = calleeOf(callee.object);
  return { word, behind: [...behind, callee.computed ? null : callee.property.name] };
}

/** Options such as `{ skip: true }`, whatever their value is. */
function isOff({ arguments: given }) {
  const names = given
    .filter(({ type }) => type === 'ObjectExpression')
    .flatMap(({ properties }) => properties.map(({ key }) => key?.name ?? key?.value));
  return names.some((name) => ['skip', 'todo', 'fails'].includes(name));
}

function hasBody({ arguments: given }) {
  return given.slice(1).some(({ type }) => !['ObjectExpression', 'Literal'].includes(type));
}

function titleOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0 ? node.quasis[0].value.cooked : '';
}

function marksOf(text, path) {
  const [, title, ids] = marked.exec(text) ?? [];
  if (ids === undefined) return [];
  const named = ids.split(', ').filter((id) => id.startsWith('A'));
  return named.map((id) => ({ id, path, title: title.trim() }));
}

/** Every mark in the repository's tests. */
export function allMarks(root) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const isTest = (path) => /\.test\.(tsx?|mjs)$/.test(path) || /^(libs|apps)\/[^/]+\/test\/.*\.ts$/.test(path);
  return String(listed)
    .split('\0')
    .filter((path) => isTest(path) && !path.startsWith('scripts/'))
    .sort()
    .flatMap((path) => marksIn(path, readFileSync(join(root, path), 'utf8')));
}

/** What is wrong with the marks: a row without a test of the running product, or a mark that names no row. */
export function faultsOf(marks, rows = attacks) {
  const known = new Set(rows.map(({ id }) => id));
  const isTried = (id) => marks.some((mark) => mark.id === id && runningProduct.test(mark.path));
  return [
    ...marks.filter(({ id }) => !known.has(id)).map(({ id, path }) => `${path} names ${id}, which is no attack`),
    ...rows
      .filter(({ id, later }) => later === null && !isTried(id))
      .map(({ id }) => `${id} has no test of the running product`),
    ...rows
      .filter(({ id, later }) => later !== null && isTried(id))
      .map(({ id }) => `${id} is tested, and said to come later`),
  ];
}

/** The table for people. */
export function attackTable(marks, rows = attacks) {
  const tried = rows.filter(({ later }) => later === null);
  const later = rows.filter((row) => row.later !== null);
  const testsOf = (id) =>
    marks
      .filter((mark) => mark.id === id)
      .sort((a, b) => rankOf(a) - rankOf(b))
      .map(({ path, title }) => `${title.replaceAll('|', '\\|').replaceAll(/%[a-z]/g, '…')} (\`${shortOf(path)}\`)`)
      .join('<br>');
  return [
    '| Row | What is tried | What it gets | Tests |',
    '| --- | --- | --- | --- |',
    ...tried.map(({ id, attack, answer }) => `| ${id} | ${attack} | ${answer} | ${testsOf(id)} |`),
    '',
    '## Not yet ours',
    '',
    '| Row | What is tried | Where it belongs |',
    '| --- | --- | --- |',
    ...later.map(({ id, attack, later: why }) => `| ${id} | ${attack} | ${why} |`),
    '',
  ].join('\n');
}

function rankOf({ path }) {
  if (path.startsWith(suite)) return 0;
  return runningProduct.test(path) ? 1 : 2;
}

function shortOf(path) {
  return path.replace(/^(libs|apps)\//, '').replace(/\/(src|test)\//, '/');
}
