/** How an endpoint is called, for whoever lists what is sold. */
export type DiscoveryInput = {
  readonly method: string;
  /** The path as it is sold, such as `/quotes/:symbol`. */
  readonly path: string;
  /** Query parameters that the price depends on. */
  readonly queryParams: readonly string[];
};

type Extensions = Readonly<Record<string, object>>;

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * What may stand in `extensions` of a version 2 challenge, the most first: where a header has no room for everything,
 * discovery goes first, then what a buyer may do and need not. What a buyer must do is never left out.
 */
export function extensionChoices(
  requiresIdentifier: boolean,
  discovery: DiscoveryInput | undefined,
): readonly Extensions[] {
  const named: Extensions = { 'payment-identifier': paymentIdentifier(requiresIdentifier) };
  const choices = discovery ? [{ ...named, bazaar: bazaar(discovery) }, named] : [named];
  return requiresIdentifier ? choices : [...choices, {}];
}

/** A buyer's own name for a purchase, which buys once however often it is signed. */
function paymentIdentifier(required: boolean): object {
  const id = { type: 'string', minLength: 16, maxLength: 128, pattern: '^[a-zA-Z0-9_-]+$' };
  const properties = { required: { type: 'boolean' }, id };
  return { info: { required }, schema: { $schema: dialect, type: 'object', properties, required: ['required'] } };
}

/** The extension `bazaar`: how to call, as far as the gate knows it. What an answer looks like only the merchant knows. */
function bazaar({ method, path, queryParams }: DiscoveryInput): object {
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const input = hasBody ? { type: 'http', method, bodyType: 'json', body: {} } : { type: 'http', method };
  const query = Object.fromEntries(queryParams.map((name) => [name, { type: 'string' }]));
  const properties = {
    type: { const: 'http' },
    method: { const: method },
    ...(hasBody ? { bodyType: { type: 'string' }, body: { type: 'object' } } : {}),
    ...(queryParams.length > 0 ? { queryParams: { type: 'object', properties: query } } : {}),
  };
  return {
    info: { input },
    schema: {
      $schema: dialect,
      type: 'object',
      properties: { input: { type: 'object', properties, required: Object.keys(input) } },
      required: ['input'],
    },
    ...(/\/[:*]/.test(path) ? { routeTemplate: path.replace(/\*$/, ':path') } : {}),
  };
}
