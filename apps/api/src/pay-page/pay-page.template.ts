import { isPaid, never } from '@tollbook/domain';
import { type Html, html } from './html.js';
import type { InvoiceSubject, InvoiceView, InvoiceWay } from './invoice-view.js';
import { networkName } from './network-name.js';
import { paymentUri } from './payment-uri.js';
import { qrCode } from './qr-code.js';

type Said = { readonly tone: 'wait' | 'ok' | 'bad' | 'open'; readonly title: string; readonly text: string };

/** The page of one invoice. Its script asks for the JSON of the same address and loads what follows a change. */
export function payPage(view: InvoiceView, subject: InvoiceSubject): string {
  // The status follows the chain's clock, which may be behind; nobody is invited to pay once the time is over.
  const isOver = view.status === 'open' && view.checkedAt >= view.expiresAt;
  const isSeen = view.status === 'open' && view.txHash !== null;
  const isOpen = view.status === 'open' && !isOver && !isSeen;
  const said = isSeen ? seen : sayStatus(isOver ? 'expired' : view.status);
  const [way] = view.accepts;
  const sum = way ? `${way.amount} ${way.currency}` : 'Invoice';
  return frame(
    `Pay ${sum}`,
    html`
<main id="invoice" data-status="${view.status}" data-tx="${view.txHash ?? ''}" data-expires-at="${view.expiresAt}" data-checked-at="${view.checkedAt}">
${subject.mode === 'test' ? html`<p class="test">Test mode: no real money moves.</p>` : null}
<header>
<p class="label">${amountLabel(view)}</p>
<h1>${sum}</h1>
${subject.what === null ? null : html`<p class="what">for <code>${subject.what}</code></p>`}
${subject.description === '' ? null : html`<p class="what">${subject.description}</p>`}
</header>
<section class="status ${said.tone}" role="status">
<h2>${said.title}</h2>
<p>${said.text}</p>
${view.missing === null ? null : html`<p>A part has come: ${view.missing.amount} ${view.missing.currency} is missing. Ask the seller how to pay the rest.</p>`}
${isOpen ? html`<p class="clock">Time left: <span id="left">until ${view.expiresAt}</span></p>` : null}
</section>
${isOpen ? view.accepts.map((way, index) => waySection(way, `way-${index}`, view, subject)) : null}
${isPaid(view.status) && subject.isOffer && subject.isPaidByTransfer ? boughtSection(view, subject) : null}
${facts(view)}
</main>`,
  );
}

/** The same words for an id that never was one, is forged, or belongs to nobody any more. */
export function notFoundPage(): string {
  return frame(
    'No such invoice',
    html`
<main>
<header>
<h1>No such invoice</h1>
<p class="what">Check that the address is complete, or ask the seller for a new one.</p>
</header>
</main>`,
  );
}

function waySection(way: InvoiceWay, headingId: string, view: InvoiceView, subject: InvoiceSubject): Html {
  const isForWallets = subject.walletNetworks.includes(way.network);
  const { transfer } = view;
  return html`
<section class="way" aria-labelledby="${headingId}">
<h2 id="${headingId}">On ${networkName(way.network)}</h2>
${transfer?.network === way.network ? transferRows(transfer) : openRows(way, isForWallets)}
${subject.isOffer ? programNote : null}
</section>`;
}

/** What a wallet is to send. */
function transferRows(transfer: InvoiceWay): Html {
  const uri = paymentUri(transfer);
  return html`
${uri === null ? null : qrCode(uri, `QR code for a transfer of ${transfer.amount} ${transfer.currency}`)}
<dl>
${row('Send exactly', `${transfer.amount} ${transfer.currency}`, transfer.amount)}
${row('Pay to', transfer.address, transfer.address)}
${row('Token', transfer.asset, transfer.asset)}
${row('Network', transfer.network, null)}
</dl>
${transferNote}`;
}

/** Whoever holds the invoice's id fetches what it bought; the seller's answer is saved, and never shown in this page. */
function boughtSection({ invoiceId }: InvoiceView, { fetchPath }: InvoiceSubject): Html {
  return html`
<section class="way" aria-labelledby="bought">
<h2 id="bought">What you paid for</h2>
${
  fetchPath === null
    ? null
    : html`<button type="button" class="open" data-fetch="${fetchPath}" data-invoice="${invoiceId}" hidden>Get what you paid for</button>
<p class="note" role="alert"></p>`
}
<p class="note">A program gets it from the address that asked for the payment, with the header
<code>X402-Invoice-Id: ${invoiceId}</code>. It is kept for a day.</p>
</section>`;
}

/** Before it was opened no address is shown: money that names no invoice would wait for a person. */
function openRows(way: InvoiceWay, isForWallets: boolean): Html {
  return html`
<dl>
${row('Amount', `${way.amount} ${way.currency}`, way.amount)}
${row('Token', way.asset, way.asset)}
${row('Network', way.network, null)}
</dl>
${
  isForWallets
    ? html`<button type="button" class="open" data-open="${way.network}" hidden>Pay from a wallet</button>
<p class="note" role="alert"></p>
<noscript><p class="note">To pay from a wallet, allow this page its script.</p></noscript>`
    : null
}`;
}

const programNote = html`<p class="note">A program pays by the x402 protocol where the price was asked for, and is served
at once.</p>`;

const transferNote = html`<p class="note">Send exactly this amount, to the last digit: it tells your payment from all
others. It may be a little less than the price, and never more.</p>`;

function row(name: string, shown: string, copied: string | null): Html {
  const button =
    copied === null
      ? null
      : html`<button type="button" class="copy" data-copy="${copied}" hidden>Copy<span class="hidden"> ${name}</span></button>`;
  return html`<div><dt>${name}</dt><dd><span class="value">${shown}</span>${button}</dd></div>
`;
}

function facts({ invoiceNumber, txHash, invoiceId }: InvoiceView): Html {
  return html`
<section class="way">
<dl>
${invoiceNumber === null ? null : row('Number', invoiceNumber, invoiceNumber)}
${txHash === null ? null : row('Transaction', txHash, txHash)}
${row('Invoice', invoiceId, invoiceId)}
</dl>
</section>`;
}

function amountLabel({ status }: InvoiceView): string {
  if (status === 'open') return 'Amount due';
  return isPaid(status) ? 'Amount paid' : 'Amount';
}

const seen: Said = {
  tone: 'wait',
  title: 'Payment seen',
  text: 'Your transfer is on the chain. Waiting until the network has confirmed it: do not pay again.',
};

function sayStatus(status: InvoiceView['status']): Said {
  switch (status) {
    case 'open':
      return {
        tone: 'open',
        title: 'Waiting for payment',
        text: 'This page changes by itself when a payment arrives.',
      };
    case 'processing':
      return { tone: 'wait', title: 'Payment sent', text: 'Waiting until the network has confirmed it.' };
    case 'unknown':
      return {
        tone: 'wait',
        title: 'Outcome not known yet',
        text: 'The payment was sent and the network has not told what became of it. Do not pay again.',
      };
    case 'confirmed':
      return { tone: 'ok', title: 'Paid', text: 'The network has confirmed the payment.' };
    case 'final':
      return { tone: 'ok', title: 'Paid', text: 'The payment is final.' };
    case 'failed':
      return {
        tone: 'bad',
        title: 'Payment failed',
        text: 'No money moved. Ask the seller for a new offer to try again.',
      };
    case 'expired':
      return {
        tone: 'bad',
        title: 'Expired',
        text: 'Do not pay to this invoice any more: ask the seller for a new offer.',
      };
    case 'canceled':
      return { tone: 'bad', title: 'Canceled', text: 'The seller has withdrawn this invoice. Do not pay it.' };
    default:
      return never(status);
  }
}

function frame(title: string, main: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<link rel="stylesheet" href="/assets-pay/pay.css">
<script src="/assets-pay/pay.js" type="module"></script>
</head>
<body>${main}
</body>
</html>
`.text;
}
