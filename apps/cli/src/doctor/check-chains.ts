import type { Config } from '@tollbook/config';
import { checkToken } from '@tollbook/evm';
import type { Catalog } from '@tollbook/usecases';
import { reasonOf } from '../explain-error.js';
import { type OpenNetwork, openNetworks } from '../open-networks.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** A chain that stands still this many of its blocks is behind. */
const blocksBehindMax = 30;
const aheadMsMax = 5_000;

/** Each configured node: that it is of its network, that our tokens are what we think, and that its time is ours. */
export async function checkChains(config: Config, catalog: Catalog): Promise<Finding[]> {
  const open = openNetworks(config);
  if (open.size === 0) return [warn('chains', 'no node is configured', 'Turn the sandbox on, or configure a network.')];
  const findings: Finding[] = [];
  for (const network of open.values()) {
    try {
      findings.push(...(await checkNetwork(network, catalog)));
    } catch (error) {
      findings.push(fail(network.network, `does not answer: ${reasonOf(error)}`, nodeAdvice(network)));
    }
  }
  return findings;
}

async function checkNetwork(open: OpenNetwork, catalog: Catalog): Promise<Finding[]> {
  const { network, chainId, reader, rpc } = open;
  const reported = await reader.chainId();
  if (reported !== chainId) {
    return [fail(network, `its node is of chain ${reported}, not ${chainId}`, nodeAdvice(open))];
  }
  const findings = [ok(network, `node answers, chain ${chainId}`)];
  for (const asset of catalog.assets.filter((each) => each.network === network)) {
    const check = await checkToken(rpc, asset, chainId);
    const subject = `${network} ${asset.symbol}`;
    findings.push(
      check.kind === 'ok'
        ? ok(subject, `${asset.decimals} decimals, signing domain "${asset.eip712.name}" ${asset.eip712.version}`)
        : fail(
            subject,
            `${check.field} should be ${check.expected} and is ${check.received}`,
            'Take no payments on this network: the node or the token is not what it should be.',
          ),
    );
  }
  return [...findings, await checkTime(open, catalog)];
}

async function checkTime({ network, reader, isSandbox }: OpenNetwork, catalog: Catalog): Promise<Finding> {
  const { head } = await reader.head();
  const ageMs = Date.now() - head.timeUnixSeconds * 1000;
  const text = `block ${head.number} is ${Math.round(Math.abs(ageMs) / 1000)} s ${ageMs < 0 ? 'ahead of' : 'behind'} this machine`;
  const blockMs = catalog.networks.find((each) => each.network === network)?.blockMs ?? 0;
  if (ageMs < -aheadMsMax) return warn(`${network} clock`, text, 'Synchronize the clock of this machine (NTP).');
  if (isSandbox || ageMs <= blocksBehindMax * blockMs) return ok(`${network} clock`, text);
  return warn(
    `${network} clock`,
    text,
    'The node is behind its chain, or this clock is ahead: payments are seen late.',
  );
}

function nodeAdvice({ isSandbox }: OpenNetwork): string {
  return isSandbox ? 'Start Tollbook: it runs the sandbox chain.' : 'Correct the RPC address of this network.';
}
