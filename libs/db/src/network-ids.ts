import { assert, type Network } from '@tollbook/domain';

/** Numbers of networks in the database and their CAIP-2 names; both directions throw on what the catalogue lacks. */
export class NetworkIds {
  private readonly idByName: ReadonlyMap<string, number>;
  private readonly nameById: ReadonlyMap<number, string>;

  constructor(networks: readonly Pick<Network, 'networkId' | 'network'>[]) {
    this.idByName = new Map(networks.map(({ network, networkId }) => [network, networkId]));
    this.nameById = new Map(networks.map(({ network, networkId }) => [networkId, network]));
  }

  idOf(network: string): number {
    const id = this.idByName.get(network);
    assert(id !== undefined, 'a network that is written stands in the catalogue');
    return id;
  }

  nameOf(networkId: number): string {
    const name = this.nameById.get(networkId);
    assert(name !== undefined, 'a network that was read stands in the catalogue');
    return name;
  }
}
