import { createGasSigner, type GasSigner } from '@tollbook/evm';
import type { SetupStore } from '@tollbook/usecases';
import { sealedPlaces } from '@tollbook/vault';
import { openSealed, type SealedDeps } from './open-sealed.js';

/** Keys that pay for gas, opened when one is needed first. */
export class GasSigners {
  private readonly opened = new Map<string, GasSigner>();

  constructor(private readonly deps: SealedDeps & { readonly setup: Pick<SetupStore, 'gasSigners'> }) {}

  /** Null where nobody set it up. */
  async signerOf(network: string, address: string): Promise<GasSigner | null> {
    const name = `${network} ${address}`;
    const known = this.opened.get(name);
    if (known) return known;
    const stored = (await this.deps.setup.gasSigners()).find(
      (each) => each.network === network && each.address === address,
    );
    if (!stored) return null;
    const key = await openSealed(this.deps, stored.keySealed, sealedPlaces.gasSignerKey);
    const signer = createGasSigner(new TextDecoder().decode(key));
    this.opened.set(name, signer);
    return signer;
  }
}
