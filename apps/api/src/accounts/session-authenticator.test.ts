import type { Membership } from '@tollbook/usecases';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { SessionAuthenticator } from './session-authenticator.js';

const person = { userId: 'u1', email: 'owner@example.com', name: 'Owner' };

function membership(bookId: number, gateSlug: string): Membership {
  const book = { bookId, merchantId: 'm', mode: 'test', gateSlug, timeZone: 'UTC', configVersion: 1n } as const;
  return { role: 'owner', merchantSlug: 'm', merchantName: 'M', book };
}

function authenticatorOf(memberships: readonly Membership[] = [membership(1, 'first'), membership(2, 'second')]) {
  return new SessionAuthenticator({
    accounts: { session: async (cookie: string) => (cookie === 'good' ? person : null) },
    members: { booksOf: async () => memberships },
    clientAddressOf: ({ socket }) => socket.remoteAddress ?? '',
    config: { publicUrl: 'https://pay.example.com' },
  });
}

function requestOf(parts: { method?: string; headers?: Record<string, string>; query?: Record<string, string> }) {
  const { method = 'GET', headers = {}, query = {} } = parts;
  const raw = { socket: { remoteAddress: '203.0.113.7' } };
  const request = { method, headers: { cookie: 'good', ...headers }, query, id: 'req_1', raw };
  return request as unknown as FastifyRequest;
}

describe('SessionAuthenticator', () => {
  it('makes the person a caller of their first book, with the rights of their role', async () => {
    expect(await authenticatorOf().authenticate(requestOf({}))).toMatchObject({
      bookId: 1,
      gateSlug: 'first',
      permissions: expect.arrayContaining(['keys:write']),
      actor: { kind: 'user', id: 'u1', name: 'owner@example.com' },
      address: '203.0.113.7',
    });
  });

  it('knows the book by header, or by a parameter that no route sees, also when asked again', async () => {
    const byHeader = requestOf({ headers: { 'tollbook-book': 'second' } });
    expect(await authenticatorOf().authenticate(byHeader)).toMatchObject({ bookId: 2 });
    const byQuery = requestOf({ query: { book: 'second', limit: '1' } });
    for (const _again of [1, 2]) {
      expect(await authenticatorOf().authenticate(byQuery)).toMatchObject({ bookId: 2 });
      expect(byQuery.query).toEqual({ limit: '1' });
    }
  });

  it('says nothing of requests without a session, or with a key', async () => {
    expect(await authenticatorOf().authenticate(requestOf({ headers: { cookie: 'other' } }))).toBeNull();
    expect(await authenticatorOf().authenticate(requestOf({ headers: { authorization: 'Bearer x' } }))).toBeNull();
  });

  it('refuses a book that is not theirs, and everything to who has none', async () => {
    const strange = requestOf({ headers: { 'tollbook-book': 'strange' } });
    await expect(authenticatorOf().authenticate(strange)).rejects.toMatchObject({ code: 'not_found' });
    await expect(authenticatorOf([]).authenticate(requestOf({}))).rejects.toMatchObject({ code: 'permission_missing' });
  });

  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])('wants a %s to come from a page of ours', async (method) => {
    const ask = (headers: Record<string, string>) => authenticatorOf().authenticate(requestOf({ method, headers }));
    await expect(ask({})).rejects.toMatchObject({ code: 'csrf_refused' });
    await expect(ask({ origin: 'https://evil.example' })).rejects.toMatchObject({ code: 'csrf_refused' });
    expect(await ask({ origin: 'https://pay.example.com' })).toMatchObject({ bookId: 1 });
  });
});
