import { ApiProblem } from './api-problem.js';

/** A refusal as the form shows it: under the field the server named, or above the form where it named none of these. */
export function fieldErrorsOf(error: unknown, fields: readonly string[]): Record<string, string> {
  if (!(error instanceof ApiProblem) || error.parameter === null) return {};
  const { parameter } = error;
  const field = fields.find((each) => parameter === each || parameter.startsWith(`${each}.`));
  return field === undefined ? {} : { [field]: error.message };
}
