/** Keeps the page in step with its invoice: the clock, the status, and buttons that copy. Without it the page stands. */
const pollMs = 2_000;
const restMs = 15_000;
const moving = ['open', 'processing', 'unknown', 'confirmed'];

/** Of every request: a reader may be signed in to the dashboard of this host, which is nobody's business here. */
const plain = { cache: 'no-store', credentials: 'omit' };

let clockAheadMs = 0;
let isReloading = false;

function invoice() {
  return document.getElementById('invoice');
}

/** The status as the page shows it; null on a page without an invoice. */
function shownStatus() {
  return invoice()?.dataset.status ?? null;
}

function readClock() {
  const checkedAt = invoice()?.dataset.checkedAt;
  if (checkedAt) clockAheadMs = Date.parse(checkedAt) - Date.now();
}

function showClock() {
  const left = document.getElementById('left');
  const expiresAt = invoice()?.dataset.expiresAt;
  if (!left || !expiresAt) return;
  const seconds = Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now() - clockAheadMs) / 1000));
  if (seconds === 0 && !isReloading) {
    isReloading = true;
    reload()
      .catch(() => undefined)
      .finally(() => {
        isReloading = false;
      });
  }
  left.textContent = `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function showButtons() {
  for (const button of document.querySelectorAll('button.open')) button.hidden = false;
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('button.copy')) button.hidden = false;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.innerHTML;
  button.textContent = 'Copied';
  setTimeout(() => {
    button.innerHTML = before;
  }, 1_500);
}

/** Asks for an amount that names this invoice, and shows it. */
async function open(button) {
  button.disabled = true;
  const answer = await fetch(`${location.pathname}/open`, {
    method: 'POST',
    ...plain,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ network: button.dataset.open }),
  });
  if (answer.ok) return reload();
  const { detail } = await answer.json();
  throw new Error(detail);
}

/** Fetches what was bought and saves it: whatever a seller answers, it never runs or shows in this page. */
async function get(button) {
  button.disabled = true;
  const { fetch: path, invoice: invoiceId } = button.dataset;
  const answer = await fetch(path, { ...plain, headers: { 'X402-Invoice-Id': invoiceId } });
  if (!answer.ok) {
    const { detail } = await answer.json().catch(() => ({}));
    throw new Error(detail ?? 'It could not be fetched now. Try again.');
  }
  const url = URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(path, answer.headers.get('content-type') ?? '');
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  button.disabled = false;
}

function fileName(path, contentType) {
  const name = path.split('/').pop() || 'bought';
  const [, kind] = /^(?:application|text)\/(json|plain|csv)\b/.exec(contentType) ?? [];
  if (!kind || name.includes('.')) return name;
  return `${name}.${kind === 'plain' ? 'txt' : kind}`;
}

function sayWhy(button, why) {
  button.disabled = false;
  const note = button.parentElement.querySelector('[role="alert"]');
  if (note) note.textContent = why;
}

/** Puts the page of the new status in the place of this one; what a reader is told of is the status alone. */
async function reload() {
  const answer = await fetch(location.href, { ...plain, headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('invoice');
  const old = invoice();
  if (!fresh || !old) return;
  const oldStatus = old.querySelector('.status');
  const freshStatus = fresh.querySelector('.status');
  // The live region stays the same element, so that its change is read out.
  if (oldStatus && freshStatus) {
    oldStatus.className = freshStatus.className;
    oldStatus.replaceChildren(...freshStatus.childNodes);
    freshStatus.replaceWith(oldStatus);
  }
  old.replaceWith(fresh);
  readClock();
  showButtons();
  showClock();
}

async function poll() {
  let waitMs = pollMs;
  try {
    const answer = await fetch(location.href, { ...plain, headers: { accept: 'application/json' } });
    const { status, txHash } = await answer.json();
    const isOther = status !== shownStatus() || (txHash ?? '') !== invoice()?.dataset.tx;
    if (answer.ok && isOther) await reload();
  } catch {
    waitMs = restMs;
  }
  if (moving.includes(shownStatus())) setTimeout(poll, document.hidden ? restMs : waitMs);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.matches('.copy')) copy(button).catch(() => undefined);
  if (button?.matches('[data-fetch]')) get(button).catch((error) => sayWhy(button, error.message));
  else if (button?.matches('.open')) open(button).catch((error) => sayWhy(button, error.message));
});

readClock();
showButtons();
showClock();
setInterval(showClock, 1_000);
if (moving.includes(shownStatus())) setTimeout(poll, pollMs);
