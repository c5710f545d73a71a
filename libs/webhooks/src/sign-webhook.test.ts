import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { webhookSecretText } from './secret-text.js';
import { signWebhook } from './sign-webhook.js';
import { verifyWebhook } from './verify-webhook.js';

const nowMs = Date.now();
const timestampUnixSeconds = Math.floor(nowMs / 1000);
const id = 'evt_aaaaaaaaaaaaaaaaaaaaaaaaaa';
const secretBytes = fc.uint8Array({ minLength: 24, maxLength: 64 });

function signed(secrets: readonly Uint8Array[], text: string) {
  const body = Buffer.from(text, 'utf8');
  return { headers: Object.fromEntries(signWebhook(secrets, { id, timestampUnixSeconds, body })), body };
}

describe('signatures', () => {
  it('are those of Standard Webhooks: its own library takes every one', () => {
    fc.assert(
      fc.property(secretBytes, fc.json(), (secret, text) => {
        const { headers } = signed([secret], text);
        expect(new Webhook(webhookSecretText(secret)).verify(text, headers)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('equal the one that its library makes', () => {
    const secret = randomBytes(32);
    const { headers } = signed([secret], '{"a":1}');
    const theirs = new Webhook(webhookSecretText(secret)).sign(id, new Date(timestampUnixSeconds * 1000), '{"a":1}');
    expect(headers['webhook-signature']).toBe(theirs);
  });

  it('fit the old secret and the new one while they are exchanged', () => {
    const [older, newer, other] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const { headers } = signed([newer, older], '{}');
    for (const secret of [older, newer]) {
      expect(new Webhook(webhookSecretText(secret)).verify('{}', headers)).toEqual({});
    }
    expect(() => new Webhook(webhookSecretText(other)).verify('{}', headers)).toThrow();
  });
});

describe('verifyWebhook', () => {
  const secret = randomBytes(32);

  it('takes what was signed with one of the secrets', () => {
    const delivery = signed([randomBytes(32), secret], '{"a":1}');
    expect(verifyWebhook([secret, randomBytes(24)], delivery, nowMs)).toEqual({ kind: 'verified', id });
  });

  it('takes what the library of Standard Webhooks signed', () => {
    const text = '{"a":1}';
    const signature = new Webhook(webhookSecretText(secret)).sign(id, new Date(timestampUnixSeconds * 1000), text);
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestampUnixSeconds),
      'webhook-signature': signature,
    };
    expect(verifyWebhook([secret], { headers, body: Buffer.from(text) }, nowMs).kind).toBe('verified');
  });

  it('refuses a body, an id, a time or a signature that was changed', () => {
    const { headers, body } = signed([secret], '{"a":1}');
    const reasonOf = (change: object, changed: Uint8Array = body) =>
      verifyWebhook([secret], { headers: { ...headers, ...change }, body: changed }, nowMs);
    const wrong = { kind: 'refused', reason: 'signature_wrong' };
    expect(reasonOf({}, Buffer.from('{"a":2}'))).toEqual(wrong);
    expect(reasonOf({ 'webhook-id': 'evt_b' })).toEqual(wrong);
    expect(reasonOf({ 'webhook-timestamp': String(timestampUnixSeconds - 1) })).toEqual(wrong);
    expect(reasonOf({ 'webhook-signature': 'v1,AAAA' })).toEqual(wrong);
    expect(reasonOf({ 'webhook-signature': headers['webhook-signature']?.replace('v1,', 'v2,') })).toEqual(wrong);
  });

  it('refuses what is older or newer than five minutes, and headers that are missing or not numbers', () => {
    const delivery = signed([secret], '{}');
    const off = { kind: 'refused', reason: 'timestamp_off' };
    expect(verifyWebhook([secret], delivery, nowMs + 302_000)).toEqual(off);
    expect(verifyWebhook([secret], delivery, nowMs - 302_000)).toEqual(off);
    const odd = { ...delivery, headers: { ...delivery.headers, 'webhook-timestamp': 'soon' } };
    expect(verifyWebhook([secret], odd, nowMs)).toEqual(off);
    expect(verifyWebhook([secret], { headers: {}, body: delivery.body }, nowMs)).toEqual({
      kind: 'refused',
      reason: 'headers_missing',
    });
  });
});
