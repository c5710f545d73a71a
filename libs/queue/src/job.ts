import { z } from 'zod';

/** What each kind of job carries: ids, never state. A kind is added here and in the table below, nowhere else. */
export type JobPayloads = {
  /** Reads a network (CAIP-2) from its cursor to the node's head. */
  'scan-chain': { readonly network: string };
  /** Books what is deep enough on a network (CAIP-2), and what is final. */
  reconcile: { readonly network: string };
  /** Gives written events their place in the feed. */
  'relay-outbox': Record<never, never>;
  /** Sends the webhooks that are due. */
  'deliver-webhooks': Record<never, never>;
};

export type JobKind = keyof JobPayloads;

/** A job to be done; the same job twice, or late, does no harm. */
export type Job = { [K in JobKind]: { readonly kind: K } & JobPayloads[K] }[JobKind];

/** What each kind of job is done by. A rejection is retried, unless it is an `UnrecoverableJob`. */
export type JobHandlers = { readonly [K in JobKind]: (payload: JobPayloads[K]) => Promise<void> };

/** Queues, each with workers of its own, so that a slow node does not keep merchants waiting for their events. */
export const queueNames = ['chain', 'outbox'] as const;
export type QueueName = (typeof queueNames)[number];

export type JobDefinition<Payload> = {
  readonly queue: QueueName;
  readonly payload: z.ZodType<Payload>;
  /** What two equal jobs share, besides their kind. */
  readonly subject: (payload: Payload) => string;
  readonly attempts: number;
  readonly backoffMs: number;
};

/** CAIP-2. */
const network = z.string().regex(/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);

/**
 * Few attempts, close together: a schedule asks again for whatever is still to be done, so a job that gave up is not
 * lost, and a job that waits for its next attempt holds back the ones equal to it.
 */
const attempts = 3;
const backoffMs = 500;

/** Every kind of job: where it runs, what it carries, when two are the same, how often it is tried. */
export const jobDefinitions: { readonly [K in JobKind]: JobDefinition<JobPayloads[K]> } = {
  'scan-chain': { queue: 'chain', payload: z.strictObject({ network }), subject: subjectOf, attempts, backoffMs },
  reconcile: { queue: 'chain', payload: z.strictObject({ network }), subject: subjectOf, attempts, backoffMs },
  'relay-outbox': { queue: 'outbox', payload: z.strictObject({}), subject: () => 'all', attempts, backoffMs },
  'deliver-webhooks': { queue: 'outbox', payload: z.strictObject({}), subject: () => 'all', attempts, backoffMs },
};

/** Every kind of job. */
export const jobKinds = Object.keys(jobDefinitions).filter(isJobKind);

/** Whether a name, as a queue gave it back, is a kind of job that this release knows. */
export function isJobKind(name: string): name is JobKind {
  return Object.hasOwn(jobDefinitions, name);
}

function subjectOf(payload: { readonly network: string }): string {
  return payload.network;
}

/** A job as a queue stores it. */
export type StoredJob = {
  readonly queue: QueueName;
  readonly name: JobKind;
  readonly data: object;
  /** Equal for jobs that do the same; without `:`, which BullMQ reserves. */
  readonly deduplicationId: string;
  readonly attempts: number;
  readonly backoffMs: number;
};

/** Checks a job and makes what is stored of it. Throws on a payload that its schema refuses: that is a bug. */
export function toStoredJob({ kind, ...payload }: Job): StoredJob {
  return storedJob(kind, payload);
}

function storedJob<K extends JobKind>(kind: K, payload: unknown): StoredJob {
  const definition: JobDefinition<JobPayloads[K]> = jobDefinitions[kind];
  const data = definition.payload.parse(payload);
  const deduplicationId = `${kind}-${definition.subject(data)}`.replaceAll(':', '-');
  return { ...definition, name: kind, data, deduplicationId };
}
