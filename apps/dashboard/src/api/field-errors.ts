import { ApiProblem } from './api-problem.js';

/** How the api words that nothing was given. */
const emptyWords = /\b(is empty|must say why)[.]?$/;

/**
 * A refusal as the form shows it: under the field the server named, or above the form where it named none of these. An
 * empty field that must not be is told in the form's own words, where it has some.
 */
export function fieldErrorsOf(
  error: unknown,
  fields: readonly string[],
  whenEmpty: Readonly<Record<string, string>> = {},
): Record<string, string> {
  if (!(error instanceof ApiProblem) || error.parameter === null) return {};
  const { parameter } = error;
  const field = fields.find((each) => parameter === each || parameter.startsWith(`${each}.`));
  if (field === undefined) return {};
  return { [field]: emptyWords.test(error.message) ? (whenEmpty[field] ?? error.message) : error.message };
}
