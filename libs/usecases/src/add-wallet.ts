import { type Asset, type BlockHeader, encodeId } from '@tollbook/domain';
import { ChainUnavailable } from './chain-unavailable.js';
import { type ConfigurationRefusal, refuse } from './configuration-refusal.js';
import type { ChainHead, ChainReader } from './ports/chain-reader.js';
import type { ConfigurationCaller, ConfigurationTx, WalletRecord } from './ports/configuration-store.js';
import { recompileEndpoint } from './recompile-endpoint.js';
import type { SellingDeps } from './selling-deps.js';
import { vetNetworks } from './vet-networks.js';

export type AddWalletDeps = SellingDeps & {
  /** Lower-case hex of an address in its network's spelling; null where it is none, or its checksum is wrong. */
  readonly parseAddress: (network: string, text: string) => string | null;
  readonly readerOf: (network: string) => ChainReader | undefined;
};

export type WalletResult = { readonly kind: 'ok'; readonly wallet: WalletRecord } | ConfigurationRefusal;

type NewWallet = {
  readonly walletId: string;
  readonly network: string;
  readonly address: string;
  readonly label: string;
  /** The first block whose transfers belong to the books; null for the first that is not final. */
  readonly startBlock: bigint | null;
  /** Whether the address is a contract that holds the money. */
  readonly isSmartAccount: boolean;
  readonly reason: string;
};

/**
 * Adds a receiving address, empty from the final block to the head: watched from the first block that is not final, for
 * ever, in this book alone. Or from a block that is named, before which it held nothing: what was read by then is read again
 * for it alone. What was read above the final block may be read again on another fork, where the address may
 * be paid below today's head. The first of a network receives at once.
 */
export async function addWallet(
  deps: AddWalletDeps,
  caller: ConfigurationCaller & { readonly mode: 'test' | 'live' },
  input: NewWallet,
): Promise<WalletResult> {
  const network = deps.catalog.networks.find((each) => each.network === input.network);
  if (!network) return refuse('network_unknown', 'network', `No network here is called "${input.network}".`);
  if (network.mode !== caller.mode) {
    const detail = `${network.network} is for ${network.mode} money, this book for ${caller.mode}.`;
    return refuse('network_mode_mismatch', 'network', detail);
  }
  const closed = vetNetworks(deps.standingOf, [network.network], () => 'network');
  if (closed) return closed;
  const reader = deps.readerOf(network.network);
  if (!reader) throw new ChainUnavailable(network.network, 'no node answers');
  const address = deps.parseAddress(network.network, input.address);
  const assets = deps.catalog.assets.filter((each) => each.network === network.network);
  if (address === null || /^0x0+$/.test(address)) {
    return refuse('address_invalid', 'address', 'Write the address with its checksum, as wallets show it.');
  }
  if (assets.some((asset) => asset.contract === address)) {
    return refuse('address_invalid', 'address', 'This is the token itself: what is sent there is lost.');
  }
  if (input.isSmartAccount && !(await reader.hasCode(address))) {
    const detail = `There is no contract at this address on ${network.network}. Deploy the account there first.`;
    return refuse('wallet_has_no_code', 'address', detail);
  }
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { head, final } = await reader.head();
    if (input.startBlock !== null && input.startBlock > head.number) {
      const detail = `The newest block of ${network.network} is ${head.number}. Begin there, or earlier.`;
      return refuse('start_block_in_future', 'startBlock', detail);
    }
    const held = await heldBefore(reader, assets, address, { head, final }, input.startBlock);
    if (held) return refuse('wallet_not_empty', 'address', held);
    const result = await write(deps, caller, { ...input, address }, assets, { head, final });
    if (result.kind !== 'moved') return result;
  }
  throw new ChainUnavailable(network.network, 'the node stays behind what was read of it');
}

/**
 * What a wallet held before it was watched is in no block that is read, so the books could not equal the chain: says so,
 * or null where it held nothing.
 */
async function heldBefore(
  reader: ChainReader,
  assets: readonly Asset[],
  address: string,
  { head, final }: ChainHead,
  startBlock: bigint | null,
): Promise<string | null> {
  const blocks = startBlock === null ? [final, head] : await blockBefore(reader, startBlock);
  for (const asset of assets) {
    const held = await Promise.all(blocks.map((block) => reader.balanceAt(asset.contract, address, block.hash)));
    if (held.every((atomic) => atomic === 0n)) continue;
    return startBlock === null
      ? `The address holds ${asset.symbol} already. Use one that is empty, or name the block before which it was.`
      : `The address held ${asset.symbol} before block ${startBlock}. Name an earlier one.`;
  }
  return null;
}

async function blockBefore(reader: ChainReader, startBlock: bigint): Promise<readonly BlockHeader[]> {
  if (startBlock === 0n) return [];
  const [block] = await reader.headers([startBlock - 1n]);
  if (!block) throw new ChainUnavailable(reader.network, 'the node has no block before the one to start from');
  return [block];
}

/** How often the chain may move on between a look at the wallet and the commit. */
const triesMax = 5;

/** `moved`: blocks were read since the wallet was seen empty, so it must be looked at again. */
function write(
  deps: AddWalletDeps,
  caller: ConfigurationCaller,
  input: NewWallet,
  assets: readonly Asset[],
  seenEmpty: ChainHead,
): Promise<WalletResult | { readonly kind: 'moved' }> {
  const { network, address } = input;
  return deps.configuration.change<WalletResult | { readonly kind: 'moved' }>(caller, async (tx) => {
    const made = await tx.wallet(input.walletId);
    if (made) return { result: { kind: 'ok', wallet: made }, audit: [] };
    const nextBlock = (await tx.holdNextBlock(network)) ?? 0n;
    if (nextBlock > seenEmpty.head.number + 1n) return { result: { kind: 'moved' }, audit: [] };
    const watchFromBlock = input.startBlock ?? seenEmpty.final.number + 1n;
    // Blocks that were read without it and named by hand are read again for it alone; others are known to be empty of it.
    const liveFromBlock = input.startBlock === null || nextBlock <= watchFromBlock ? watchFromBlock : nextBlock;
    const wallet = { walletId: input.walletId, network, address, label: input.label };
    if (!(await tx.insertWallet(wallet))) {
      const detail = 'An address belongs to one book for ever, and this one is known already.';
      return { result: refuse('wallet_exists', 'address', detail), audit: [] };
    }
    for (const { assetId } of assets) {
      await tx.followAsset({ walletId: wallet.walletId, assetId, watchFromBlock, liveFromBlock });
    }
    const isFirst = !(await tx.receivers()).some((each) => each.network === network);
    if (isFirst) await tx.assignWallet(wallet, input.reason, caller.actor.id);
    const after = { network, address: deps.formatAddress(network, address), label: wallet.label, isReceiving: isFirst };
    const target = { targetKind: 'wallet', targetId: encodeId('wallet', wallet.walletId) };
    const audit = { action: 'wallet.added', ...target, before: null, after, reason: input.reason };
    return { result: { kind: 'ok', wallet: await readBack(tx, wallet.walletId) }, audit: [audit] };
  });
}

/**
 * New offers on the wallet's network are paid to it from now on: terms of every price are made anew. The one before
 * stays watched, since open offers name it.
 */
export async function assignWallet(
  deps: SellingDeps,
  caller: ConfigurationCaller,
  { walletId, reason }: { readonly walletId: string; readonly reason: string },
): Promise<WalletResult> {
  return deps.configuration.change<WalletResult>(caller, async (tx) => {
    const wallet = await tx.wallet(walletId);
    if (!wallet) return { result: refuse('not_found', null, 'No wallet has this id.'), audit: [] };
    if (wallet.receivingSinceMs !== null) {
      const detail = 'New offers are paid to this wallet already.';
      return { result: refuse('wallet_receives_already', null, detail), audit: [] };
    }
    const before = (await tx.receivers()).find((each) => each.network === wallet.network);
    await tx.assignWallet(wallet, reason, caller.actor.id);
    for (const endpoint of await tx.endpoints()) {
      const isSoldThere = endpoint.prices.some((price) =>
        price.amounts.some((each) => each.network === wallet.network),
      );
      if (!isSoldThere) continue;
      const unfit = await recompileEndpoint(deps, tx, endpoint, { isForced: true, before: endpoint });
      // Every address is equally long, so what fitted a header before fits it now.
      if (unfit) throw new Error(`terms cannot be made anew: ${unfit.detail}`);
    }
    const shown = (address: string) => deps.formatAddress(wallet.network, address);
    const audit = {
      action: 'wallet.assigned',
      targetKind: 'wallet',
      targetId: encodeId('wallet', walletId),
      before: before ? { network: wallet.network, address: shown(before.address) } : null,
      after: { network: wallet.network, address: shown(wallet.address) },
      reason,
    };
    return { result: { kind: 'ok', wallet: await readBack(tx, walletId) }, audit: [audit] };
  });
}

async function readBack(tx: ConfigurationTx, walletId: string): Promise<WalletRecord> {
  const wallet = await tx.wallet(walletId);
  if (!wallet) throw new Error('a wallet that was written can be read');
  return wallet;
}
