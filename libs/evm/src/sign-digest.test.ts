import fc from 'fast-check';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { createGasSigner } from './gas-signer.js';
import { signInScript, signNatively } from './sign-digest.js';

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const hexOf = (value: bigint): `0x${string}` => `0x${value.toString(16).padStart(64, '0')}`;
const privateKey = fc.oneof(fc.bigInt({ min: 1n, max: curveOrder - 1n }), fc.constantFrom(1n, curveOrder - 1n));
const word = fc.oneof(fc.bigInt({ min: 0n, max: curveOrder - 1n }), fc.constantFrom(0n, 1n, curveOrder - 1n));

describe('a signature of ours', () => {
  it('is the same in native code and in JavaScript, for any key and digest', async () => {
    await fc.assert(
      fc.asyncProperty(privateKey.map(hexOf), word.map(hexOf), async (key, digest) => {
        const script = await signInScript(digest, key);
        expect(BigInt(script.s)).toBeLessThanOrEqual(curveOrder / 2n);
        if (signNatively) expect(await signNatively(digest, key)).toEqual(script);
      }),
      { seed: 31, numRuns: 60 },
    );
  }, 30_000);

  it('makes of a gas transaction the bytes that viem makes of it', async () => {
    const key = hexOf(0x51a7n);
    const tx = { chainId: 84_532, maxFeePerGasWei: 2_000_000_000n, maxPriorityFeePerGasWei: 1n, gasLimit: 120_000n };
    const call = { to: `0x${'03'.repeat(20)}`, data: '0xa9059cbb' } as const;
    for (const gasNonce of [0n, 1n, 300n]) {
      const expected = await privateKeyToAccount(key).signTransaction({
        type: 'eip1559',
        chainId: tx.chainId,
        nonce: Number(gasNonce),
        maxFeePerGas: tx.maxFeePerGasWei,
        maxPriorityFeePerGas: tx.maxPriorityFeePerGasWei,
        gas: tx.gasLimit,
        to: call.to,
        data: call.data,
        value: 0n,
      });
      expect(await createGasSigner(key).signTransaction({ ...tx, ...call, gasNonce })).toBe(expected);
    }
  });
});
