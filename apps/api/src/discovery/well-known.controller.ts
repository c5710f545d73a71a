import { Controller, Get, Header, Inject } from '@nestjs/common';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { apiParts } from '../tokens.js';
import { listResources } from './list-resources.js';
import { momentOf } from './moment.js';

/** What is sold at this address, for whoever looks for paid resources. */
@PublicRoute()
@Controller('.well-known')
export class WellKnownController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get('x402')
  @Header('cache-control', 'no-cache')
  list() {
    const { snapshot, config, purchase } = this.parts;
    const books = snapshot.books().map(({ book }) => book);
    return listResources(books, momentOf(purchase, snapshot), config.publicUrl);
  }
}
