import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.js';
import { inboxPage } from './inbox-page.js';

const nowMs = Date.parse('2026-11-20T10:00:00Z');
const secret = randomBytes(32);

function arrival(id: string, text: string, key: Uint8Array = secret) {
  const timestamp = String(nowMs / 1000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { headers: { ...headers, cookie: 'a=b' }, body: Buffer.from(text) };
}

describe('the inbox', () => {
  it('keeps what was signed with a secret of ours, newest first, without headers that are none of its business', async () => {
    const inbox = new Inbox(
      async () => [secret],
      () => nowMs,
    );
    await inbox.receive(arrival('evt_a', '{"type":"payment_intent.confirmed"}'));
    await inbox.receive(arrival('evt_b', '{"type":"payment_intent.final"}'));
    expect(inbox.list().map(({ id, type }) => [id, type])).toEqual([
      ['evt_b', 'payment_intent.final'],
      ['evt_a', 'payment_intent.confirmed'],
    ]);
    expect(Object.keys(inbox.list()[0]?.headers ?? {})).not.toContain('cookie');
  });

  it('takes a secret that was rotated meanwhile, and refuses what nobody signed', async () => {
    let current = secret;
    const inbox = new Inbox(
      async () => [current],
      () => nowMs,
    );
    await inbox.receive(arrival('evt_a', '{}'));
    current = randomBytes(32);
    expect(await inbox.receive(arrival('evt_b', '{}', current))).toEqual({ kind: 'verified', id: 'evt_b' });
    expect(await inbox.receive(arrival('evt_c', '{}', randomBytes(32)))).toMatchObject({ kind: 'refused' });
    expect(await inbox.receive({ headers: {}, body: Buffer.from('{}') })).toMatchObject({ kind: 'refused' });
    expect(inbox.list().map(({ id }) => id)).toEqual(['evt_b', 'evt_a']);
  });

  it('remembers the last two hundred', async () => {
    const inbox = new Inbox(
      async () => [secret],
      () => nowMs,
    );
    for (let at = 0; at < 205; at += 1) await inbox.receive(arrival(`evt_${at}`, '{}'));
    expect(inbox.list()).toHaveLength(200);
    expect(inbox.list()[0]?.id).toBe('evt_204');
  });

  it('shows what it holds without letting any of it become markup', async () => {
    const inbox = new Inbox(
      async () => [secret],
      () => nowMs,
    );
    await inbox.receive(arrival('evt_a', '{"type":"<script>alert(1)</script>"}'));
    const page = inboxPage(inbox.list(), '/inbox.js');
    expect(page).not.toContain('<script>');
    expect(page).toContain('&#60;script&#62;');
    expect(inboxPage([], '/inbox.js')).toContain('Nothing yet');
  });
});
