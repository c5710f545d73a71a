type Call<Args, Result> = {
  readonly args: Args;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** Calls of one kind that wait for others of it, to be answered by one statement. */
export class Gathered<Args, Result> {
  private calls: Call<Args, Result>[] = [];

  constructor(
    /** Answers all calls at once: a result for each, in their order. */
    private readonly answer: (all: readonly Args[]) => Promise<readonly Result[]>,
    private readonly onCall: () => void,
  ) {}

  call(args: Args): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.calls.push({ args, resolve, reject });
      this.onCall();
    });
  }

  get isEmpty(): boolean {
    return this.calls.length === 0;
  }

  /** Has everything that waits answered; whoever asked learns it by `tell`. Until then it may still fail. */
  async take(): Promise<{ readonly count: number; readonly tell: () => void }> {
    const calls = [...this.calls];
    if (calls.length === 0) return { count: 0, tell: () => {} };
    const count = calls.length;
    const results = await this.answer(calls.map(({ args }) => args));
    const tell = () => {
      this.calls = this.calls.slice(count);
      for (const [at, result] of results.entries()) calls[at]?.resolve(result);
    };
    return { count, tell };
  }

  fail(error: unknown): void {
    for (const { reject } of this.calls.splice(0)) reject(error);
  }
}
