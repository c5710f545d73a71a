import { problemSchema } from '@tollbook/contract';

/** A refusal or a failure of the api, in words that a page can show. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    /** Stable; `network` where no answer came and `answer_unexpected` where it was not what the contract says. */
    readonly code: string,
    readonly title: string,
    detail: string,
    /** The field that was wrong, where the api names one. */
    readonly parameter: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(detail);
  }
}

/** Reads a refusal; anything that is not problem+json still becomes one. */
export async function problemOfResponse(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id') ?? response.headers.get('tollbook-request-id');
  const body: unknown = await response.json().catch(() => null);
  const parsed = problemSchema.safeParse(body);
  if (!parsed.success) {
    const detail = `The server answered with status ${response.status} and nothing more.`;
    return new ApiProblem(response.status, 'answer_unexpected', 'The server did not explain itself', detail);
  }
  const { status, code, title, detail, parameter, requestId: named } = parsed.data;
  return new ApiProblem(status, code, title, detail, textOrNull(parameter), textOrNull(named) ?? requestId);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
