import { noEndpointCaps } from '@tollbook/domain';
import { buildTerms } from '@tollbook/testing';
import type { GateBook, GateEndpoint } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { listResources } from './list-resources.js';
import { openApiOfShop } from './open-api-of-shop.js';

const now = 1_795_000_000;
const publicUrl = 'https://pay.example';
const open = { nowUnixSeconds: now, isOpen: () => true };

function endpoint(method: string, path: string, changes: Partial<GateEndpoint> = {}): GateEndpoint {
  return {
    endpointId: '01900000-0000-7000-8000-000000000002',
    method,
    path,
    upstreamUrl: 'http://secret.example/w',
    timeoutMs: 1_000,
    isEnabled: true,
    requiresIdentifier: false,
    caps: noEndpointCaps,
    limits: { paid: null, unpaid: null },
    description: `${method} it`,
    terms: [buildTerms()],
    ...changes,
  };
}

function shop(...endpoints: GateEndpoint[]): GateBook {
  const book = {
    bookId: 1,
    merchantId: '01900000-0000-7000-8000-000000000001',
    mode: 'test',
    gateSlug: 'demo',
  } as const;
  const rest = { timeZone: 'UTC', configVersion: 7n, overrides: new Map(), allowedPayers: new Map(), facilitators: [] };
  return { ...book, ...rest, endpoints };
}

const sold = shop(
  endpoint('GET', '/weather', { terms: [buildTerms({ pricedQuery: ['units'] })] }),
  endpoint('GET', '/quotes/:symbol'),
  endpoint('POST', '/quotes/:name', { requiresIdentifier: true }),
  endpoint('GET', '/files/*'),
  endpoint('GET', '/paused', { isEnabled: false }),
  endpoint('GET', '/planned', { terms: [buildTerms({ inForceFromUnixSeconds: now + 1 })] }),
  endpoint('GET', '/withdrawn', { terms: [buildTerms({ revokedAtUnixSeconds: now - 1 })] }),
);

describe('the list of priced resources', () => {
  const list = listResources([sold], open, publicUrl);

  it('names what can be called as it stands, and every endpoint with its terms', () => {
    expect(list.resources).toEqual(['https://pay.example/g/demo/weather']);
    expect(list.items.map(({ method, resource }) => `${method} ${resource}`)).toEqual([
      'GET https://pay.example/g/demo/files/*',
      'POST https://pay.example/g/demo/quotes/:name',
      'GET https://pay.example/g/demo/quotes/:symbol',
      'GET https://pay.example/g/demo/weather',
    ]);
    expect(list.items[3]).toMatchObject({
      x402Version: 2,
      accepts: [{ scheme: 'exact', network: 'eip155:84532', amount: '10000', extra: { name: 'USDC', version: '2' } }],
    });
  });

  it('names no network on which nothing could be paid now, and nothing that could be paid on none', () => {
    const [entry] = buildTerms().networks;
    if (!entry) throw new Error('the terms name a network');
    const both = { ...buildTerms(), networks: [entry, { ...entry, network: 'eip155:8453' }] };
    const book = shop(endpoint('GET', '/both', { terms: [both] }), endpoint('GET', '/one'));
    const asked: unknown[] = [];
    const closed = {
      nowUnixSeconds: now,
      isOpen: (bookId: number, network: string) => {
        asked.push(bookId);
        return network !== entry.network;
      },
    };
    const { items, resources } = listResources([book], closed, publicUrl);
    expect(items.map(({ accepts }) => accepts.map(({ network }) => network))).toEqual([['eip155:8453']]);
    expect(resources).toEqual(['https://pay.example/g/demo/both']);
    expect(new Set(asked)).toEqual(new Set([1]));
    expect(openApiOfShop(book, closed, publicUrl)).toMatchObject({
      paths: { '/both': { get: { 'x-payment-info': { price: '0.01', accepts: [{ network: 'eip155:8453' }] } } } },
    });
    expect(Object.keys(openApiOfShop(book, closed, publicUrl).paths as object)).toEqual(['/both']);
  });

  it('tells nothing of where it comes from', () => {
    expect(JSON.stringify([list, openApiOfShop(sold, open, publicUrl)])).not.toContain('secret');
  });
});

describe('the OpenAPI of a shop', () => {
  const document = openApiOfShop(sold, open, publicUrl) as {
    readonly servers: unknown;
    readonly paths: Record<string, Record<string, { readonly parameters: { name: string; in: string }[] }>>;
  };

  it('has each endpoint with its price, and one path for patterns of one shape', () => {
    expect(document.servers).toEqual([{ url: 'https://pay.example/g/demo' }]);
    expect(Object.entries(document.paths).map(([path, operations]) => [path, Object.keys(operations)])).toEqual([
      ['/files/{rest}', ['get']],
      ['/quotes/{name}', ['post', 'get']],
      ['/weather', ['get']],
    ]);
    expect(document.paths['/weather']?.get).toMatchObject({
      parameters: [{ name: 'units', in: 'query', required: false }],
      'x-payment-info': { protocols: ['x402'], pricingMode: 'fixed', price: '0.01', currency: 'USDC' },
    });
    expect(document.paths['/quotes/{name}']?.post).toMatchObject({
      'x-payment-info': { paymentIdentifier: 'required' },
    });
  });

  it('names every parameter of a path', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const { parameters } of Object.values(operations)) {
        const named = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
        expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      }
    }
  });
});
