import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type BooksProofQuery, booksProofQuerySchema } from '@tollbook/contract';
import {
  type ExplainedProof,
  type ProofResult,
  type ProofScope,
  proveBooks,
  toBooksProofView,
} from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';

/** The proof that the books equal the chain. */
@Controller('v1/books')
export class BooksController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('proof')
  @Requires('books:read')
  async proof(@CurrentCaller() caller: Caller, @Query(new SchemaPipe(booksProofQuerySchema)) query: BooksProofQuery) {
    const { books, chainStore, readerOf, catalog, formatAddress } = this.parts;
    const named = catalog.networks.filter((each) => each.network === query.network);
    const readable = catalog.networks.filter((each) => readerOf(each.network) !== undefined);
    const networks = query.network === undefined ? readable : named;
    if (networks.length === 0)
      throw new ProblemError('network_unknown', 'No network here has this name.', { parameter: 'network' });
    const rows: ExplainedProof[] = [];
    for (const { network } of networks) {
      const scope = this.scopeOf(caller, network, query);
      const result = await proveBooks({ books, store: chainStore, readerOf }, scope);
      if (result.kind === 'proved') rows.push(...result.rows);
      else if (result.reason !== 'network_unknown' || query.network !== undefined) throw refusalOf(result, query);
    }
    return { data: rows.map((row) => toBooksProofView(row, formatAddress)) };
  }

  private scopeOf({ bookId }: Caller, network: string, query: BooksProofQuery): ProofScope {
    const block = query.at ?? query.block;
    return {
      bookId,
      network,
      blockNumber: block === undefined ? null : BigInt(block),
      fromNumber: query.from === undefined ? null : BigInt(query.from),
      wallet: query.wallet?.toLowerCase() ?? null,
      contract: query.asset === undefined ? null : this.contractOf(network, query.asset),
      isExplained: true,
    };
  }

  /** By symbol or contract. */
  private contractOf(network: string, text: string): string {
    const asset = this.parts.catalog.assets.find(
      (each) =>
        each.network === network &&
        (each.contract === text.toLowerCase() || each.symbol.toLowerCase() === text.toLowerCase()),
    );
    if (asset) return asset.contract;
    throw new ProblemError('asset_unknown', 'No asset of this network has this symbol or contract.', {
      parameter: 'asset',
    });
  }
}

function refusalOf(refusal: Extract<ProofResult, { kind: 'refused' }>, query: BooksProofQuery): ProblemError {
  const parameter = query.at === undefined && query.block !== undefined ? 'block' : 'at';
  switch (refusal.reason) {
    case 'block_not_confirmed': {
      const what = refusal.isMined ? 'is not deep enough yet' : 'lies in the future, or was not read yet';
      const detail = `The block ${what}: the books are proved up to the confirmed height, now ${refusal.confirmedNumber}.`;
      return new ProblemError('block_not_confirmed', detail, { parameter });
    }
    case 'block_before_wallet': {
      const detail = `Nothing is known of these wallets before block ${refusal.firstNumber}, where they were seen empty.`;
      return new ProblemError('block_before_wallet', detail, { parameter });
    }
    case 'wallet_unknown':
      return new ProblemError(
        'wallet_unknown',
        'No wallet of this book on this network has this address, or its older blocks are still read.',
        {
          parameter: 'wallet',
        },
      );
    case 'asset_unknown':
      return new ProblemError('asset_unknown', 'The wallet is not watched for this asset.', { parameter: 'asset' });
    case 'from_above_block':
      return new ProblemError('parameter_invalid', 'The first block lies above the one that is proved.', {
        parameter: 'from',
      });
    case 'network_unknown':
      return new ProblemError('network_unknown', 'This network is not read here.', { parameter: 'network' });
  }
}
