import { request } from 'node:http';
import { connect } from 'node:net';
import { endpointSchema } from '@tollbook/contract';
import { faucet, newBuyer, signPayment, usdcDomain } from '@tollbook/sandbox';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { apiClient } from '../api-client.js';
import { type BuyerAnswer, send, type TamperedPayload, tampered } from '../buyer.js';
import { install } from '../install.js';
import { answered, askedOffer, eventually, type Process, startWorld, type World } from '../world.js';

const network = 'eip155:84532';
const chainId = 84532;

/** One shop behind two gates, with the worker that books for both: where the attacks are tried. */
export type TwoGates = Awaited<ReturnType<typeof openTwoGates>>;

/** Starts it. `apis[1]` may be killed: whoever does puts another in its place. */
export async function openTwoGates() {
  const world = await startWorld();
  const { key } = await install(world);
  const [first, second] = await Promise.all([world.startApi(), world.startApi(), world.startWorker()]);
  const apis: [Process, Process] = [first, second];
  const client = apiClient(first.url, key);
  const url = (at: number, path = '/weather') => `${apis[at % 2]?.url}/g/demo${path}`;
  const sell = async (path: string, more: object = {}) => {
    const draft = { method: 'GET', path, upstream: world.upstream.url, price: { amount: '0.01' }, networks: [network] };
    const { body } = await answered(world, async () => {
      const made = await client.post('/v1/endpoints', { ...draft, ...more });
      return { ...made, code: made.body?.code };
    });
    const endpoint = endpointSchema.parse(body);
    for (const at of [0, 1]) await eventually(`gate ${at} sells ${path}`, () => isSold(url(at, path), more));
    return endpoint;
  };
  return {
    world,
    apis,
    client,
    url,
    sell,
    /** A header of the sandbox's buyer, or of another, for what a gate offers at a URL. */
    pay: async (at: string, { version = 2, privateKey }: { version?: 1 | 2; privateKey?: Hex } = {}) => {
      const key = privateKey ?? world.sandbox.info.buyer.evmPrivateKey;
      const offer = await askedOffer(world.pulse, at);
      const { headerName, rawHeader } = await signPayment({ offer, version, privateKey: key });
      return { header: { [headerName]: rawHeader }, invoiceId: String(offer.headers['x402-invoice-id']) };
    },
    /** A wallet that holds one USDC and was never seen. */
    buyer: async () => {
      const wallet = newBuyer();
      await faucet(world.sandbox.info, { network, address: wallet.address, amountAtomic: 1_000_000n });
      return wallet;
    },
    rpc: (method: string, params: readonly unknown[]) => callNode(world, method, params),
    /** Gives an address one USDC. */
    fund: (address: string) => faucet(world.sandbox.info, { network, address, amountAtomic: 1_000_000n }),
    /** Invoices that must end as paid once; the last test looks. */
    paid: [] as string[],
    /** How many claims there are, over all books. */
    attempts: async () => (await world.rows('select 1 from attempts')).length,
  };
}

async function isSold(url: string, { method = 'GET' }: { method?: string }): Promise<boolean> {
  return (await send(url, {}, { method })).status === 402;
}

async function callNode({ sandbox }: World, method: string, params: readonly unknown[]) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(sandbox.info.evm.rpcUrl, { method: 'POST', headers, body });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

type Authorization = TamperedPayload['payload']['authorization'];

/** The authorization in a header, and the signature under it. */
export function signedIn(header: Record<string, string>): { authorization: Authorization; signature: string } {
  let payload: TamperedPayload['payload'] | undefined;
  tampered(header, (whole) => {
    payload = whole.payload;
  });
  if (!payload) throw new Error('no payload');
  return payload;
}

/** The header with another authorization, signed anew as a buyer would who makes his own. */
export async function signedAnew(
  header: Record<string, string>,
  privateKey: Hex,
  change: Partial<Authorization>,
  domain: Partial<ReturnType<typeof usdcDomain>> = {},
): Promise<Record<string, string>> {
  const authorization = { ...signedIn(header).authorization, ...change };
  const signature = await privateKeyToAccount(privateKey).signTypedData({
    domain: { ...usdcDomain(chainId), ...domain },
    types: { TransferWithAuthorization: authorizationType },
    primaryType: 'TransferWithAuthorization',
    message: {
      from: authorization.from as Hex,
      to: authorization.to as Hex,
      value: BigInt(authorization.value),
      validAfter: BigInt(authorization.validAfter),
      validBefore: BigInt(authorization.validBefore),
      nonce: authorization.nonce as Hex,
    },
  });
  return tampered(header, (whole) => {
    whole.payload = { authorization, signature };
  });
}

const authorizationType = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const;

/** What one says of an answer that refuses and charges nobody. */
export const told = ({ status, code }: Pick<BuyerAnswer, 'status' | 'code'>): [number, string | undefined] => [
  status,
  code,
];

/** Sends from another address of this machine, as a stranger would. */
export function sendFrom(localAddress: string, url: string, headers: Record<string, string>) {
  return new Promise<{ status: number; code: string | undefined; body: string }>((resolve, reject) => {
    const sent = request(url, { headers, localAddress, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => {
        const code = body.startsWith('{') ? JSON.parse(body).code : undefined;
        resolve({ status: response.statusCode ?? 0, code, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Writes bytes to a gate as they are, and resolves with all that came back until it hung up. */
export function writeRaw(baseUrl: string, text: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answered = '';
    socket.on('error', reject);
    socket.on('close', () => resolve(answered));
    socket.on('data', (chunk) => {
      answered += chunk.toString('latin1');
    });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.write(text, 'latin1');
  });
}
