import type { InboxItem } from './inbox.js';

/** The inbox for people: plain, newest first, without a script. */
export function inboxPage(items: readonly InboxItem[]): string {
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
<meta http-equiv="refresh" content="5">
<title>Webhook inbox</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8886; padding: 0.75rem 0; }
h2 { font-size: 1rem; margin: 0; }
pre { overflow-x: auto; padding: 0.75rem; background: #8881; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
time, .id { font-variant-numeric: tabular-nums; opacity: 0.8; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>Webhook inbox</h1>
<p>What Tollbook tells the demo merchant: the last ${items.length} webhooks since this process started, newest first, each
with a valid signature.</p>
${list}
</main>
</body>
</html>
`;
}

function itemOf({ receivedAt, id, type, headers, body }: InboxItem): string {
  const fields = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  return `<article>
<h2>${escaped(type)}</h2>
<div><time datetime="${escaped(receivedAt)}">${escaped(receivedAt)}</time> · <span class="id">${escaped(id)}</span></div>
<details><summary>Headers and body</summary>
<pre>${escaped(fields)}</pre>
<pre>${escaped(indented(body))}</pre>
</details>
</article>`;
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
