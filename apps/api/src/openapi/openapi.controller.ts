import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { PublicRoute } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { apiParts } from '../tokens.js';
import { apiRoutesIn } from './api-routes.js';
import { openApiOf } from './open-api-of.js';

/** What this API takes and gives, for programs. */
@PublicRoute()
@Controller('v1')
export class OpenApiController {
  private document: object | undefined;

  constructor(
    @Inject(apiParts) private readonly parts: ApiParts,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  @Get('openapi.json')
  @Header('cache-control', 'no-cache')
  describe() {
    this.document ??= openApiOf(apiRoutesIn(this.modules), this.parts.config.publicUrl);
    return this.document;
  }
}
