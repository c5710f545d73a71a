import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Writable } from 'node:stream';
import { assert } from '@tollbook/domain';
import type { IssuedOffer } from '@tollbook/usecases';
import { keepAliveSeconds } from './keep-alive.js';

/** What differs from one offer to the next of the same terms. */
export type OfferTexts = Pick<IssuedOffer, 'invoiceId' | 'paymentId' | 'expiresAt'>;

/** An answer with an offer, as it is written to any client. */
export type OfferAnswer = {
  readonly status: number;
  /** Names in turn with values. */
  readonly headers: readonly string[];
  readonly text: string;
};

/**
 * Prepares an answer that differs in an offer's texts alone. `compose` is what writes the answer otherwise, and stays
 * the only place that says what is in it. Null for an answer that cannot be prepared: one whose fixed part has a sample
 * in it.
 */
export function prepareAnswer(compose: (texts: OfferTexts) => OfferAnswer): PreparedAnswer | null {
  const answer = new PreparedAnswer(compose(sample));
  return answer.bytesFor(otherSample, undefined, 0).equals(wholeAnswer(compose(otherSample))) ? answer : null;
}

const sample: OfferTexts = {
  invoiceId: `inv_${'a2'.repeat(40)}`,
  paymentId: `pi_${'b3'.repeat(13)}`,
  expiresAt: '9998-12-31T23:58:58Z',
};
/** Unlike the first wherever an offer's texts may differ. */
const otherSample: OfferTexts = {
  invoiceId: `inv_${'c4'.repeat(40)}`,
  paymentId: `pi_${'d5'.repeat(13)}`,
  expiresAt: '7111-01-01T01:11:11Z',
};
const holes = ['invoiceId', 'paymentId', 'expiresAt'] as const;

/** Where in some bytes each text of an offer stands. */
type Places = Readonly<Record<(typeof holes)[number], readonly number[]>>;

/** A stretch of the challenge, three of whose bytes are four characters of the header. */
type Stretch = { readonly from: number; readonly to: number; readonly at: number };

/** Room before the answer for headers that only some have. */
const roomBytes = 2_048;

/**
 * All bytes of an answer, head and body, in which an offer's texts are written anew each time. What Node does to write a
 * head of three kilobytes costs more than everything else about an unpaid request.
 */
export class PreparedAnswer {
  /** Room, then all that follows the status line. What the system has not taken whole is left to it, and replaced. */
  private bytes: Buffer;
  /** From the status line on, as long as no other headers stand between. */
  private plain: Buffer | null = null;
  private readonly statusLine: string;
  private readonly places: Places;
  private readonly dateAt: number;
  private dateSecond = 0;
  private expiresAt = sample.expiresAt;
  /** The challenge whose base64 stands in the head. */
  private readonly challenge: Buffer;
  private readonly challengePlaces: Places;
  private readonly stretches: readonly Stretch[];

  constructor(answer: OfferAnswer) {
    const encoded = answer.headers[answer.headers.indexOf('payment-required') + 1] ?? '';
    this.statusLine = statusLine(answer);
    this.bytes = Buffer.concat([Buffer.alloc(roomBytes), wholeAnswer(answer).subarray(this.statusLine.length)]);
    this.places = placesIn(this.bytes);
    this.dateAt = this.bytes.indexOf(`\r\n${dateLine}`) + `\r\n${dateLine}`.length - httpDate(0).length;
    this.challenge = Buffer.from(encoded, 'base64');
    this.challengePlaces = placesIn(this.challenge);
    this.stretches = stretchesOf(this.challengePlaces, this.bytes.indexOf(encoded));
  }

  /** Hands the answer for an offer to a connection; `firstHeaders` are names in turn with values. */
  send(socket: Writable, texts: OfferTexts, firstHeaders: readonly string[] | undefined): void {
    socket.write(this.bytesFor(texts, firstHeaders, Date.now()));
    if (socket.writableLength === 0) return;
    this.bytes = Buffer.from(this.bytes);
    this.plain = null;
  }

  /** The answer for an offer, which holds until the next one is asked for. */
  bytesFor(texts: OfferTexts, firstHeaders: readonly string[] | undefined, nowMs: number): Buffer {
    const { bytes, challenge, places, challengePlaces } = this;
    assert(texts.invoiceId.length === sample.invoiceId.length, 'all offers have ids of one length');
    put(bytes, places.invoiceId, texts.invoiceId);
    put(bytes, places.paymentId, texts.paymentId);
    put(challenge, challengePlaces.invoiceId, texts.invoiceId);
    put(challenge, challengePlaces.paymentId, texts.paymentId);
    this.tellTimes(texts.expiresAt, nowMs);
    for (const stretch of this.stretches) encodeBase64(challenge, stretch, bytes);
    if (firstHeaders) {
      this.plain = null;
      return this.startingWith(this.statusLine + headerLines(firstHeaders));
    }
    this.plain ??= this.startingWith(this.statusLine);
    return this.plain;
  }

  private startingWith(start: string): Buffer {
    const startsAt = roomBytes - start.length;
    assert(startsAt >= 0, 'there is room for the first headers');
    this.bytes.write(start, startsAt, 'latin1');
    return this.bytes.subarray(startsAt);
  }

  /** Times are whole seconds, so most answers find them told. */
  private tellTimes(expiresAt: string, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.dateSecond) {
      this.bytes.write(httpDate(nowMs), this.dateAt, 'latin1');
      this.dateSecond = second;
    }
    if (expiresAt !== this.expiresAt) {
      put(this.bytes, this.places.expiresAt, expiresAt);
      put(this.challenge, this.challengePlaces.expiresAt, expiresAt);
      this.expiresAt = expiresAt;
    }
  }
}

/** An answer as Node writes it to a connection that is kept, at the beginning of time. */
function wholeAnswer(answer: OfferAnswer): Buffer {
  const kept = `${dateLine}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n\r\n`;
  return Buffer.from(`${statusLine(answer)}${headerLines(answer.headers)}${kept}${answer.text}`);
}

function statusLine({ status }: OfferAnswer): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
}

function headerLines(headers: readonly string[]): string {
  let text = '';
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    validateHeaderName(name);
    validateHeaderValue(name, value);
    text += `${name}: ${value}\r\n`;
  }
  return text;
}

function httpDate(unixMs: number): string {
  return new Date(unixMs).toUTCString();
}

const dateLine = `Date: ${httpDate(0)}`;

function placesIn(bytes: Buffer): Places {
  const of = (text: string) => {
    const found: number[] = [];
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) found.push(at);
    return found;
  };
  return { invoiceId: of(sample.invoiceId), paymentId: of(sample.paymentId), expiresAt: of(sample.expiresAt) };
}

/** Writes a text at each of its places. */
function put(bytes: Buffer, places: readonly number[], text: string): void {
  const first = places[0];
  if (first === undefined) return;
  bytes.write(text, first, 'latin1');
  for (let index = 1; index < places.length; index += 1) {
    bytes.copyWithin(places[index] ?? first, first, first + text.length);
  }
}

/** The least stretches of whole triples that hold every hole; those that touch are one. */
function stretchesOf(places: Places, headerAt: number): Stretch[] {
  const spans = holes
    .flatMap((hole) => places[hole].map((at) => ({ from: at - (at % 3), to: tripleEnd(at + sample[hole].length) })))
    .sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = span.to;
    else merged.push(span);
  }
  return merged.map(({ from, to }) => ({ from, to, at: headerAt + (from / 3) * 4 }));
}

function tripleEnd(at: number): number {
  return Math.ceil(at / 3) * 3;
}

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Base64 of some triples, straight into place: to make a text of them and write that would cost twice as much. */
function encodeBase64(from: Buffer, stretch: Stretch, to: Buffer): void {
  let { at } = stretch;
  for (let index = stretch.from; index < stretch.to; index += 3) {
    const a = from[index] ?? 0;
    const b = from[index + 1] ?? 0;
    const c = from[index + 2] ?? 0;
    to[at] = alphabet[a >> 2] ?? 0;
    to[at + 1] = alphabet[((a & 3) << 4) | (b >> 4)] ?? 0;
    to[at + 2] = alphabet[((b & 15) << 2) | (c >> 6)] ?? 0;
    to[at + 3] = alphabet[c & 63] ?? 0;
    at += 4;
  }
}
