import type { Config } from '@tollbook/config';
import { formatDecimal } from '@tollbook/domain';
import { checkNode, checksumAddress, createEvmChainReader, type EvmRpc, nativeBalanceOf } from '@tollbook/evm';
import type { Catalog } from '@tollbook/usecases';
import { reasonOf } from '../explain-error.js';
import { type OpenNetwork, openNetworks } from '../open-networks.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** A chain that stands still this many of its blocks is behind. */
const blocksBehindMax = 30;
const aheadMsMax = 5_000;

/** Each configured node: that it is of its network, that our tokens are what we think, and that its time is ours. */
export async function checkChains(config: Config, catalog: Catalog): Promise<Finding[]> {
  const open = openNetworks(config, catalog);
  if (open.size === 0) {
    return [warn('chains', 'no node is configured', 'Turn the sandbox on, or set the TOLLBOOK_RPC_… of a network.')];
  }
  const found = [...open.values()].map((network) =>
    Promise.all(network.nodes.map((node) => checkOne(network, node, catalog))),
  );
  return (await Promise.all(found)).flat(2);
}

type NamedNode = OpenNetwork['nodes'][number];

async function checkOne(open: OpenNetwork, node: NamedNode, catalog: Catalog): Promise<Finding[]> {
  const { network, chainId, isSandbox, nodes } = open;
  const subject = isSandbox || nodes.length === 1 ? network : `${network} ${node.name}`;
  const assets = catalog.assets.filter((each) => each.network === network);
  try {
    const check = await checkNode(node.rpc, chainId, assets);
    if (check.kind === 'refused') {
      const advice = 'Nothing is taken through this node: correct its address, or what it runs.';
      return [fail(subject, check.reason, advice)];
    }
    const tokens = assets.map(({ symbol, decimals, eip712 }) =>
      ok(`${subject} ${symbol}`, `${decimals} decimals, signing domain "${eip712.name}" ${eip712.version}`),
    );
    const time = await checkTime(open, subject, node.rpc, catalog);
    const gas = await checkGas(open, subject, node.rpc);
    return [ok(subject, `node answers, chain ${chainId}`), ...tokens, time, ...gas];
  } catch (error) {
    return [fail(subject, `does not answer: ${reasonOf(error)}`, nodeAdvice(open))];
  }
}

async function checkTime(
  { network, isSandbox }: OpenNetwork,
  subject: string,
  rpc: EvmRpc,
  catalog: Catalog,
): Promise<Finding> {
  const { head } = await createEvmChainReader({ network, rpc }).head();
  const ageMs = Date.now() - head.timeUnixSeconds * 1000;
  const text = `block ${head.number} is ${Math.round(Math.abs(ageMs) / 1000)} s ${ageMs < 0 ? 'ahead of' : 'behind'} this machine`;
  const blockMs = catalog.networks.find((each) => each.network === network)?.blockMs ?? 0;
  if (ageMs < -aheadMsMax) return warn(`${subject} clock`, text, 'Synchronize the clock of this machine (NTP).');
  if (isSandbox || ageMs <= blocksBehindMax * blockMs) return ok(`${subject} clock`, text);
  return warn(
    `${subject} clock`,
    text,
    'The node is behind its chain, or this clock is ahead: payments are seen late.',
  );
}

/** What the built-in facilitator has left to pay for gas; nothing to say where it has no key. */
async function checkGas({ gas }: OpenNetwork, subject: string, rpc: EvmRpc): Promise<Finding[]> {
  if (gas === null) return [];
  const { address, balanceMinWei } = gas;
  const balanceWei = await nativeBalanceOf(rpc, address);
  const text = `${coins(balanceWei)} left at ${checksumAddress(address)}, at least ${coins(balanceMinWei)} wanted`;
  if (balanceWei >= balanceMinWei) return [ok(`${subject} gas`, text)];
  const advice = "Send some of the network's own coin there: the built-in facilitator pays for gas with it.";
  return [balanceWei === 0n ? fail(`${subject} gas`, text, advice) : warn(`${subject} gas`, text, advice)];
}

const coinDecimals = 18;

function coins(wei: bigint): string {
  return formatDecimal(wei, coinDecimals);
}

function nodeAdvice({ isSandbox }: OpenNetwork): string {
  return isSandbox ? 'Start Tollbook: it runs the sandbox chain.' : 'Correct the RPC address of this network.';
}
