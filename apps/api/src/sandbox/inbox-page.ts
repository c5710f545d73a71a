import type { InboxItem } from './inbox.js';

/**
 * What keeps the inbox's page up to date: it is not loaded anew, so that nobody loses the place that they read or the
 * part that they opened.
 */
export const inboxScript = `const look = async () => {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#arrived');
  const now = document.querySelector('#arrived');
  if (next === null || now.dataset.newest === next.dataset.newest || now.contains(document.activeElement)) return;
  const open = [...now.querySelectorAll('details[open]')].map((each) => each.parentElement.dataset.arrival);
  for (const each of next.children) if (open.includes(each.dataset.arrival)) each.querySelector('details').open = true;
  now.replaceWith(next);
};
setInterval(() => document.hidden || look().catch(() => undefined), 5000);
`;

/** The inbox for people: plain, newest first; it can be read without its script, too. */
export function inboxPage(items: readonly InboxItem[], scriptPath: string): string {
  const list =
    items.length === 0
      ? '<p>Nothing yet. Make a payment to see its webhooks arrive.</p>'
      : items.map(itemOf).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Webhook inbox</title>
<script src="${escaped(scriptPath)}" defer></script>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8886; padding: 0.75rem 0; }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.75rem; background: #8881; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: #1d56c4; }
@media (prefers-color-scheme: dark) {
  html { background: #0b0d10; color: #e8ebf0; }
  a { color: #7aa8ff; }
}
time, .id { font-variant-numeric: tabular-nums; opacity: 0.8; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<p><a href="/">Back to the dashboard</a></p>
<h1>Webhook inbox</h1>
<p>What Tollbook tells the demo merchant since this process started: the last two hundred webhooks, newest first, each
with a valid signature.</p>
<div id="arrived" data-newest="${escaped(items[0] ? arrivalOf(items[0]) : '')}">
${list}
</div>
</main>
</body>
</html>
`;
}

/** A resend has the id of what it sends again. */
function arrivalOf({ receivedAt, id }: InboxItem): string {
  return `${receivedAt} ${id}`;
}

function itemOf(item: InboxItem): string {
  const { receivedAt, id, type, headers, body } = item;
  const fields = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  return `<article data-arrival="${escaped(arrivalOf(item))}">
<h2>${escaped(type)}${escaped(subjectOf(body))}</h2>
<div><time datetime="${escaped(receivedAt)}">${escaped(receivedAt)}</time> · <span class="id">${escaped(id)}</span></div>
<details><summary>Headers and body</summary>
<pre>${escaped(fields)}</pre>
<pre>${escaped(indented(body))}</pre>
</details>
</article>`;
}

/** The payment that an event is about, and how much. */
function subjectOf(body: string): string {
  const { data } = (parsed(body) ?? {}) as { data?: { id?: unknown; amount?: unknown; asset?: unknown } };
  const { id, amount, asset } = data ?? {};
  const money = typeof amount === 'string' && typeof asset === 'string' ? ` · ${amount} ${asset}` : '';
  return typeof id === 'string' ? `${money} · ${id}` : money;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
