import type { GateBook } from '@tollbook/usecases';
import type { Moment } from './moment.js';
import { type Priced, pricedEndpoints, priceOf, requirementsOf } from './priced-resource.js';

type Json = { readonly [key: string]: unknown };

/** OpenAPI 3.1 of what one merchant sells: how each endpoint is called, and in `x-payment-info` what it costs. */
export function openApiOfShop(book: GateBook, moment: Moment, publicUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  /** Templates that differ in names alone are one path. */
  const templates = new Map<string, string>();
  for (const priced of pricedEndpoints(book, moment)) {
    const { method, path } = priced.endpoint;
    const shape = path.replace(/:\w+/g, ':').replace(/\*$/, ':*');
    const template = templates.get(shape) ?? templateOf(path);
    templates.set(shape, template);
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(priced, template) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Paid endpoints of ${book.gateSlug}`,
      version: book.configVersion.toString(),
      description: 'Each is paid by x402: asked without a payment it answers 402 with an offer.',
    },
    servers: [{ url: `${publicUrl}/g/${book.gateSlug}` }],
    paths,
    components: { responses: { Offer: offer } },
  };
}

function operationOf({ endpoint, terms }: Priced, template: string): Json {
  const { description, requiresIdentifier } = endpoint;
  return {
    ...(description === '' ? {} : { description }),
    parameters: [
      ...[...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter('path', name ?? '', true)),
      ...terms.pricedQuery.map((name) => parameter('query', name, false)),
    ],
    'x-payment-info': {
      protocols: ['x402'],
      pricingMode: 'fixed',
      ...priceOf(terms),
      accepts: requirementsOf(terms),
      paymentIdentifier: requiresIdentifier ? 'required' : 'optional',
    },
    responses: {
      200: { description: 'What was paid for.' },
      402: { $ref: '#/components/responses/Offer' },
    },
  };
}

const offer = {
  description: 'An offer, in version 2 of x402 in the header and in version 1 in the body.',
  headers: { 'PAYMENT-REQUIRED': { required: true, schema: { type: 'string', contentEncoding: 'base64' } } },
  content: { 'application/json': { schema: { type: 'object' } } },
};

function parameter(place: 'path' | 'query', name: string, required: boolean): Json {
  return { name, in: place, required, schema: { type: 'string' } };
}

/** `/quotes/:symbol` as `/quotes/{symbol}`; a closing `*` takes one segment or more, for which OpenAPI has no word. */
function templateOf(path: string): string {
  const named = path.replace(/:(\w+)/g, '{$1}');
  return named.replace(/\*$/, named.includes('{rest}') ? '{rest_}' : '{rest}');
}
