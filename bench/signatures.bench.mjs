// Recovery of a payment's signer: native code against JavaScript. Rounds alternate, the ratio of each round is kept.
import { randomBytes } from 'node:crypto';
import { authorizationDigest } from '@tollbook/evm';
import { readEcdsaSignature } from '../libs/evm/dist/ecdsa-signature.js';
import { recoverInScript, recoverNatively } from '../libs/evm/dist/recover-signer.js';
import { median, withSpread } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 9);
const count = Number(process.env.COUNT ?? 100);
const mustBeAtLeast = 5;
const chainId = 84_532;
const asset = { network: 'eip155:84532', contract: `0x${'03'.repeat(20)}`, eip712: { name: 'USDC', version: '2' } };

export async function run() {
  if (!recoverNatively) {
    console.log('this platform has no binary: signatures are recovered in JavaScript');
    return;
  }
  const signed = await signatures();
  // As the gate does it: the digest belongs to the work.
  const perSecond = async (recover) => {
    const startedAt = performance.now();
    for (const { authorization, signature, signer } of signed) {
      const found = await recover(authorizationDigest(asset, chainId, authorization), signature);
      if (found !== signer) throw new Error('the two ways found different signers');
    }
    return count / ((performance.now() - startedAt) / 1000);
  };
  await perSecond(recoverInScript);
  await perSecond(recoverNatively);
  const rates = { script: [], native: [] };
  for (let round = 0; round < rounds; round += 1) {
    rates.script.push(await perSecond(recoverInScript));
    rates.native.push(await perSecond(recoverNatively));
  }
  const ratios = rates.native.map((rate, round) => rate / rates.script[round]);
  console.log(`in JavaScript: ${Math.round(median(rates.script))} signatures/s`);
  console.log(`native:        ${Math.round(median(rates.native))} signatures/s`);
  console.log(`ratio: ${withSpread(ratios)}; must be at least ${mustBeAtLeast}`);
  if (median(ratios) < mustBeAtLeast) process.exitCode = 1;
}

/** Any point and any number are somebody's signature: half of all random ones are. */
async function signatures() {
  const signed = [];
  while (signed.length < count) {
    const authorization = {
      from: `0x${randomBytes(20).toString('hex')}`,
      to: `0x${'71'.repeat(20)}`,
      valueAtomic: 10_000n,
      validAfterUnixSeconds: 0n,
      validBeforeUnixSeconds: 2_000_000_000n,
      nonce: `0x${randomBytes(32).toString('hex')}`,
    };
    const s = randomBytes(32);
    s[0] &= 0x3f;
    const signature = readEcdsaSignature(`0x${randomBytes(32).toString('hex')}${s.toString('hex')}1b`);
    const digest = authorizationDigest(asset, chainId, authorization);
    const signer = signature && (await recoverInScript(digest, signature));
    if (signer) signed.push({ authorization, signature, signer });
  }
  return signed;
}
