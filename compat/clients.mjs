/**
 * The clients, each as its own documentation tells to use it. A row is a client and a wallet: `pay` makes one request,
 * pays what it is asked for and gives the last answer.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { wrapAxiosWithPayment, x402Client as X402AxiosClient } from '@x402/axios';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment, x402Client as X402FetchClient } from '@x402/fetch';
import axios from 'axios';
import { Wallet } from 'ethers';
import { concat } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { withPaymentInterceptor } from 'x402-axios';
import { wrapFetchWithPayment as wrapFetchV1 } from 'x402-fetch';

/** What the last answer said: status, body and how to read a header. */
async function readFetched(response) {
  return { status: response.status, body: await response.text(), header: (name) => response.headers.get(name) };
}

function readAxios({ status, data, headers }) {
  return { status, body: JSON.stringify(data), header: (name) => headers[name] ?? null };
}

const fetchV1 = (account) => async (url) => readFetched(await wrapFetchV1(fetch, account)(url));

const axiosV1 = (account) => async (url) => readAxios(await withPaymentInterceptor(axios.create(), account).get(url));

const fetchV2 = (signer) => async (url) => {
  const client = new X402FetchClient().register('eip155:*', new ExactEvmScheme(signer));
  return readFetched(await wrapFetchWithPayment(fetch, client)(url));
};

const axiosV2 = (signer) => async (url) => {
  const client = new X402AxiosClient().register('eip155:*', new ExactEvmScheme(signer));
  return readAxios(await wrapAxiosWithPayment(axios.create(), client).get(url));
};

/** ethers v6 as a signer: it makes EIP712Domain and the primary type itself. */
function ethersSigner(privateKey) {
  const wallet = new Wallet(privateKey);
  return {
    address: wallet.address,
    signTypedData: ({ domain, types, message }) => {
      const { EIP712Domain: _made, ...named } = types;
      return wallet.signTypedData(domain, named, message);
    },
  };
}

/** Wallets put more than r, s, v into what their account reads: which owner signed, which module checks. */
function longSigner({ address, privateKey }) {
  const owner = privateKeyToAccount(privateKey);
  const moduleAddress = `0x${'17'.repeat(20)}`;
  return { address, signTypedData: async (typed) => concat([await owner.signTypedData(typed), moduleAddress]) };
}

/**
 * A relay as hosted payers run it: somebody who has no wallet asks it over HTTP, and it pays with one of its own, by
 * version 1. The payer on the chain is not the customer.
 */
async function startRelay(payerKey) {
  const pay = fetchV1(privateKeyToAccount(payerKey));
  const server = createServer(async (request, response) => {
    try {
      const target = new URL(request.url ?? '', 'http://relay').searchParams.get('url') ?? '';
      const { status, body, header } = await pay(target);
      const settled = header('x-payment-response');
      response.writeHead(status, settled === null ? {} : { 'x-payment-response': settled });
      response.end(body);
    } catch (error) {
      response.writeHead(502);
      response.end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

const ownKey = (make) => (wallet) => make(privateKeyToAccount(wallet.privateKey));

/**
 * `isSmartAccount`: the payer is a contract that answers ERC-1271, and the key is its owner's, as wallets of people who
 * sign in by mail (Privy, Web3Auth) have it.
 */
export const clients = [
  { name: 'x402-fetch', packages: ['x402-fetch'], version: 1, open: ownKey(fetchV1) },
  { name: 'x402-axios', packages: ['x402-axios'], version: 1, open: ownKey(axiosV1) },
  { name: '@x402/fetch', packages: ['@x402/fetch', '@x402/evm'], version: 2, open: ownKey(fetchV2) },
  { name: '@x402/axios', packages: ['@x402/axios', '@x402/evm'], version: 2, open: ownKey(axiosV2) },
  {
    name: 'ethers v6 signer',
    packages: ['ethers', '@x402/fetch'],
    version: 2,
    open: (wallet) => fetchV2(ethersSigner(wallet.privateKey)),
  },
  {
    name: 'smart account, v1',
    packages: ['x402-fetch', 'viem'],
    version: 1,
    isSmartAccount: true,
    open: (wallet) => fetchV1({ ...privateKeyToAccount(wallet.privateKey), address: wallet.address }),
  },
  {
    name: 'smart account, v2',
    packages: ['@x402/fetch', 'viem'],
    version: 2,
    isSmartAccount: true,
    open: (wallet) => fetchV2({ ...privateKeyToAccount(wallet.privateKey), address: wallet.address }),
  },
  {
    name: 'smart account, long signature',
    packages: ['@x402/fetch', 'viem'],
    version: 2,
    isSmartAccount: true,
    open: (wallet) => fetchV2(longSigner(wallet)),
  },
  {
    name: 'relay',
    packages: ['x402-fetch'],
    version: 1,
    open: (wallet) => async (url) => {
      const relay = await startRelay(wallet.privateKey);
      try {
        return await readFetched(await fetch(`${relay.url}?url=${encodeURIComponent(url)}`));
      } finally {
        relay.close();
      }
    },
  },
];
