const CAUSES_MAX = 5;

/** Fields of typed errors that help and never carry row values, parameters or bodies. */
const TELLING_FIELDS = ['code', 'isSent', 'isRetryable', 'statusCode', 'constraint', 'table', 'severity'];

/** What a log line shows of an error, its causes nested; the stack only where somebody will have to look. */
export function describeError(error: Error, withStack: boolean, causesLeft = CAUSES_MAX): Record<string, unknown> {
  const description: Record<string, unknown> = { type: error.name, message: withoutParameters(error.message) };
  for (const [name, value] of Object.entries(error)) {
    if (TELLING_FIELDS.includes(name) && isPlainScalar(value)) description[name] = value;
  }
  if (withStack && error.stack !== undefined) description.stack = withoutParameters(error.stack);
  if (causesLeft > 0 && error.cause instanceof Error) {
    description.cause = describeError(error.cause, withStack, causesLeft - 1);
  }
  if (causesLeft > 0 && error instanceof AggregateError) {
    const inner = error.errors.filter((one) => one instanceof Error).slice(0, CAUSES_MAX);
    description.errors = inner.map((one) => describeError(one, withStack, 0));
  }
  return description;
}

/** Query builders append the bound values to the message; those are row contents. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: .*/g, '\nparams: ***');
}

function isPlainScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
