import type { ConfigurationRefusal } from '@tollbook/usecases';
import { ProblemError } from './problem.js';

/** The problem that a refused change of the configuration is told as. */
export function refused({ reason, parameter, detail }: ConfigurationRefusal): ProblemError {
  return new ProblemError(reason, detail, parameter === null ? {} : { parameter });
}
