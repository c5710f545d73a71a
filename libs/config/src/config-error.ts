/** One variable that cannot be used: what is wrong with it and a value that would work. */
export type ConfigProblem = { variable: string; problem: string; example: string };

/** Thrown once with every bad variable; the message is for the operator and holds no secret value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      problems
        .map(({ variable, problem, example }) => `${variable} ${problem}. Example: ${variable}=${example}`)
        .join('\n'),
    );
  }
}
