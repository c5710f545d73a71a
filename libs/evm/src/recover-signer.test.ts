import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { readEcdsaSignature } from './ecdsa-signature.js';
import { isRecoveryNative, recoverInScript, recoverNatively } from './recover-signer.js';

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const hexOf = (value: bigint) => value.toString(16).padStart(64, '0');
const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
/** Where the rules turn: zero, the curve's order, its half, the largest word, and their neighbours. */
const edge = fc
  .tuple(fc.constantFrom(0n, curveOrder, curveOrder / 2n, 2n ** 256n - 1n), fc.integer({ min: -2, max: 2 }))
  .map(([value, by]) => hexOf(BigInt.asUintN(256, value + BigInt(by))));
const scalar = fc.oneof({ weight: 3, arbitrary: word }, edge);
const recoveryByte = fc.constantFrom('00', '01', '1a', '1b', '1c', '1d', '24', 'ff');
const privateKey = fc.bigInt({ min: 1n, max: curveOrder - 1n }).map((key) => privateKeyToAccount(`0x${hexOf(key)}`));
const digestOf = (hex: string): `0x${string}` => `0x${hex}`;

/** What each way makes of a signature as it arrived; undefined where its spelling is refused before both. */
async function both(digest: `0x${string}`, text: string) {
  const signature = readEcdsaSignature(text);
  if (!signature || !recoverNatively) return undefined;
  return { native: await recoverNatively(digest, signature), script: await recoverInScript(digest, signature) };
}

describe('recovery of a signer', () => {
  it('is native wherever the package has a binary', () => {
    const prebuilds = new URL('../../../node_modules/secp256k1/prebuilds/', import.meta.url);
    const hasBinary = existsSync(new URL(`${process.platform}-${process.arch}/`, prebuilds));
    expect(isRecoveryNative).toBe(hasBinary);
  });

  it('finds the signer of any digest, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(privateKey, scalar, async (account, digest) => {
        const signature = readEcdsaSignature(await account.sign({ hash: digestOf(digest) }));
        expect(signature).toBeDefined();
        if (!signature) return;
        for (const recover of [recoverInScript, recoverNatively ?? recoverInScript]) {
          expect(await recover(digestOf(digest), signature)).toBe(account.address.toLowerCase());
        }
      }),
      { seed: 27, numRuns: 40 },
    );
  }, 30_000);

  it('says the same of any 65 bytes, both ways', async () => {
    const seen = { signers: 0, nobody: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(scalar, scalar, scalar, recoveryByte, async (digest, r, s, v) => {
        // The upper half of s is refused before both, and half of all words lie there.
        const low = BigInt(`0x${s}`) > curveOrder / 2n && BigInt(`0x${s}`) < curveOrder - 3n;
        const outcome = await both(digestOf(digest), `0x${r}${low ? hexOf(curveOrder - BigInt(`0x${s}`)) : s}${v}`);
        if (outcome === undefined) {
          seen.refused += 1;
          return;
        }
        expect(outcome.native).toBe(outcome.script);
        seen[outcome.native === null ? 'nobody' : 'signers'] += 1;
      }),
      { seed: 28, numRuns: 400 },
    );
    expect(seen.refused).toBeGreaterThan(100);
    if (!isRecoveryNative) return;
    expect(seen.signers).toBeGreaterThan(20);
    expect(seen.nobody).toBeGreaterThan(20);
  }, 30_000);
});
