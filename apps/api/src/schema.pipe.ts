import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ProblemError } from './problem.js';

/** Parses what came into what a schema says, or refuses it naming the first field that is wrong. */
export class SchemaPipe<S extends z.ZodType> implements PipeTransform<unknown, z.infer<S>> {
  /** What it parses by; the description of the API is made from it too. */
  constructor(readonly schema: S) {}

  transform(value: unknown, { type }: Pick<ArgumentMetadata, 'type'>): z.infer<S> {
    // Words of the schema's own go before these.
    const result = this.schema.safeParse(value, { error: whatIsWrong });
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    if (issue?.code === 'unrecognized_keys') {
      const [parameter] = issue.keys;
      throw new ProblemError('parameter_unknown', `The parameter "${parameter}" is not known here.`, { parameter });
    }
    const parameter = issue?.path.join('.') ?? '';
    const wrong = issue?.message ?? 'has a wrong value';
    if (parameter === '') throw new ProblemError('parameter_invalid', wholeText(type, issue?.code, wrong));
    const code = parameter === 'after' ? 'cursor_invalid' : 'parameter_invalid';
    const noun = type === 'body' ? 'field' : 'parameter';
    throw new ProblemError(code, `The ${noun} "${parameter}" ${wrong}.`, { parameter });
  }
}

/** Completes a sentence that begins with the field's name, where the schema says nothing of its own. */
function whatIsWrong(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_type') return `has a wrong value: expected ${issue.expected}`;
  if (issue.code !== 'invalid_value') return 'has a wrong value';
  return `has a wrong value: expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
}

/** The same where it is not one field that is wrong. */
function wholeText(type: ArgumentMetadata['type'], code: string | undefined, wrong: string): string {
  if (type !== 'body') return `The ${type} ${wrong}.`;
  return code === 'invalid_type' ? 'The body must be a JSON object.' : `The body ${wrong}.`;
}
