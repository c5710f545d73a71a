import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  type ChangeFacilitator,
  type CreateFacilitator,
  changeFacilitatorSchema,
  createFacilitatorSchema,
  type Facilitator,
  type FacilitatorList,
  type RemovalQuery,
  removalQuerySchema,
} from '@tollbook/contract';
import type { FacilitatorRecord } from '@tollbook/usecases';
import { type Caller, CurrentCaller } from '../accounts/caller.js';
import { Requires } from '../accounts/requires.decorator.js';
import type { ApiParts } from '../composition.js';
import { notFound, pathId } from '../cursor.js';
import { NewIds, type RequestIds } from '../idempotency/request-ids.js';
import { ProblemError } from '../problem.js';
import { SchemaPipe } from '../schema.pipe.js';
import { apiParts } from '../tokens.js';
import { scorecardDays, toApiFacilitator } from './facilitator.mapping.js';
import { sealFacilitatorCredentials } from './facilitator-credentials.js';
import { vetFacilitatorUrl } from './vet-facilitator-url.js';

/** Who carries out payments, and how well. */
@Controller('v1/facilitators')
export class FacilitatorsController {
  constructor(@Inject(apiParts) private readonly parts: ApiParts) {}

  @Get()
  @Requires('facilitators:read')
  async list(@CurrentCaller() caller: Caller): Promise<FacilitatorList> {
    const { facilitatorStore } = this.parts;
    const records = await facilitatorStore.list(caller.bookId);
    return { data: await this.shown(caller, records), nextCursor: null };
  }

  @Post()
  @Requires('facilitators:write')
  async create(
    @CurrentCaller() caller: Caller,
    @NewIds() ids: RequestIds,
    @Body(new SchemaPipe(createFacilitatorSchema)) body: CreateFacilitator,
  ): Promise<Facilitator> {
    const facilitatorId = ids('facilitator');
    const change = { bookId: caller.bookId, facilitatorId, reason: body.reason, by: caller };
    const added = await this.parts.facilitatorStore.add(change, await this.draftOf(caller, facilitatorId, body));
    if (added === null) {
      throw new ProblemError('facilitator_exists', 'The list of this book has the built-in facilitator already.');
    }
    return this.one(caller, added);
  }

  @Get(':id')
  @Requires('facilitators:read')
  async read(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Facilitator> {
    return this.one(caller, known(await this.parts.facilitatorStore.one(caller.bookId, idOf(id))));
  }

  @Patch(':id')
  @Requires('facilitators:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body(new SchemaPipe(changeFacilitatorSchema)) { reason, credentials, ...changes }: ChangeFacilitator,
  ): Promise<Facilitator> {
    const change = { bookId: caller.bookId, facilitatorId: idOf(id), reason, by: caller };
    const before = known(await this.parts.facilitatorStore.one(caller.bookId, change.facilitatorId));
    if (credentials && before.auth === 'none') throw credentialsRefused('belong to no facilitator with auth "none"');
    const flag = before.kind === 'remote' ? undefined : firstOf(changes, ['verifiesFirst', 'trustsRefusals']);
    if (flag) throw new ProblemError('parameter_invalid', `"${flag}" is for remote facilitators.`, { parameter: flag });
    const sealed = credentials && this.seal(caller, change.facilitatorId, credentials);
    const changed = await this.parts.facilitatorStore.change(change, { ...changes, credentialsSealed: sealed });
    return this.one(caller, known(changed));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('facilitators:write')
  async remove(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query(new SchemaPipe(removalQuerySchema)) { reason }: RemovalQuery,
  ): Promise<void> {
    const change = { bookId: caller.bookId, facilitatorId: idOf(id), reason, by: caller };
    known(await this.parts.facilitatorStore.remove(change));
  }

  private async draftOf(caller: Caller, facilitatorId: string, input: CreateFacilitator) {
    if (input.kind === 'built_in') {
      const { kind, name, position } = input;
      const flags = { verifiesFirst: false, trustsRefusals: false, allowsPlainHttp: false };
      return { kind, name, position, ...flags, url: null, auth: 'none', credentialsSealed: null } as const;
    }
    const { reason: _, credentials, ...rest } = input;
    if ((rest.auth === 'none') !== (credentials === undefined)) {
      throw credentialsRefused(
        rest.auth === 'none' ? 'need an "auth" that uses them' : `are needed for "${rest.auth}"`,
      );
    }
    await vetFacilitatorUrl(this.parts.selling.vetUrl, rest.url, rest.allowsPlainHttp);
    const credentialsSealed = credentials ? this.seal(caller, facilitatorId, credentials) : null;
    return { ...rest, credentialsSealed };
  }

  private seal(caller: Caller, facilitatorId: string, credentials: { keyId: string; keySecret: string }): Uint8Array {
    const sealed = sealFacilitatorCredentials(this.parts.sealer, caller.merchantId, facilitatorId, credentials);
    if (!sealed) throw credentialsRefused('are no key id with an Ed25519 secret in base64 or an EC P-256 key as PEM');
    return sealed;
  }

  private async one(caller: Caller, record: FacilitatorRecord): Promise<Facilitator> {
    const [shown] = await this.shown(caller, [record]);
    if (!shown) throw notFound('facilitator');
    return shown;
  }

  private async shown({ bookId, mode }: Caller, records: readonly FacilitatorRecord[]): Promise<Facilitator[]> {
    const { facilitatorStore, facilitators, chains } = this.parts;
    const cards = await facilitatorStore.scorecards(bookId, scorecardDays);
    const gasNetworks = chains.gasNetworksOf(mode);
    return records.map((record) =>
      toApiFacilitator(record, facilitators.sightOf(bookId, record.facilitatorId), cards, gasNetworks),
    );
  }
}

function firstOf<Key extends string>(changes: Partial<Record<Key, unknown>>, keys: readonly Key[]): Key | undefined {
  return keys.find((key) => changes[key] !== undefined);
}

function idOf(id: string): string {
  return pathId('facilitator', id, 'facilitator');
}

function known<T>(found: T | null): T {
  if (found === null) throw notFound('facilitator');
  return found;
}

function credentialsRefused(what: string): ProblemError {
  return new ProblemError('facilitator_credentials_refused', `"credentials" ${what}.`, { parameter: 'credentials' });
}
