import { Controller, Get, Inject, Query } from '@nestjs/common';
import { type BooksProofQuery, booksProofQuerySchema } from '@tollbook/contract';
import { type BooksProofRecord, proveBooks } from '@tollbook/usecases';
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
    const { bookId } = caller;
    const { books, chainStore, readerOf, catalog, formatAddress } = this.parts;
    const named = catalog.networks.filter((each) => each.network === query.network);
    const readable = catalog.networks.filter((each) => readerOf(each.network) !== undefined);
    const networks = query.network === undefined ? readable : named;
    if (networks.length === 0)
      throw new ProblemError('network_unknown', 'No network here has this name.', { parameter: 'network' });
    const blockNumber = query.block === undefined ? null : BigInt(query.block);
    const rows: BooksProofRecord[] = [];
    for (const { network } of networks) {
      const result = await proveBooks({ books, store: chainStore, readerOf }, { bookId, network, blockNumber });
      if (result.kind === 'proved') rows.push(...result.rows);
      else if (result.reason === 'block_not_confirmed') {
        throw new ProblemError('block_not_confirmed', 'The books are proved up to the confirmed height only.', {
          parameter: 'block',
        });
      } else if (query.network !== undefined) {
        throw new ProblemError('network_unknown', 'This network is not read here.', { parameter: 'network' });
      }
    }
    return { data: rows.map((row) => toApiProofRow(row, formatAddress)) };
  }
}

function toApiProofRow(row: BooksProofRecord, formatAddress: (network: string, address: string) => string) {
  return {
    network: row.network,
    wallet: formatAddress(row.network, row.wallet),
    asset: formatAddress(row.network, row.contract),
    block: Number(row.blockNumber),
    opening: row.openingAtomic.toString(),
    in: row.inAtomic.toString(),
    out: row.outAtomic.toString(),
    closing: row.closingAtomic.toString(),
    onChain: row.onChainAtomic.toString(),
    difference: row.differenceAtomic.toString(),
  };
}
