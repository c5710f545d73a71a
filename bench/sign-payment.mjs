// Signs payments as a client of version 2 does, in native code: in JavaScript the buyers would be slower than the gate.
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { authorizationDigest } from '@tollbook/evm';

const { ecdsaSign } = createRequire(new URL('../libs/evm/package.json', import.meta.url))('secp256k1');
/** Shorter than any offer stands. */
const lifeSeconds = 290;

/** The value of the payment header that accepts these terms of an offer. */
export function signPayment(accepted, { key, address }) {
  const [, chainId] = accepted.network.split(':');
  const asset = { contract: accepted.asset.toLowerCase(), eip712: accepted.extra };
  const authorization = {
    ...{ from: address, to: accepted.payTo.toLowerCase(), valueAtomic: BigInt(accepted.amount) },
    ...{ validAfterUnixSeconds: 0n, validBeforeUnixSeconds: BigInt(Math.floor(Date.now() / 1000) + lifeSeconds) },
    nonce: `0x${randomBytes(32).toString('hex')}`,
  };
  const digest = Buffer.from(authorizationDigest(asset, Number(chainId), authorization).slice(2), 'hex');
  const { signature, recid } = ecdsaSign(digest, key);
  const { from, to, nonce, validBeforeUnixSeconds } = authorization;
  const payload = {
    signature: `0x${Buffer.from(signature).toString('hex')}${recid === 0 ? '1b' : '1c'}`,
    authorization: {
      from,
      to,
      value: accepted.amount,
      validAfter: '0',
      validBefore: `${validBeforeUnixSeconds}`,
      nonce,
    },
  };
  return Buffer.from(JSON.stringify({ x402Version: 2, accepted, payload })).toString('base64');
}
