/** One event of a stream, as `EventSource` would give it. */
export type StreamEvent = { readonly id: string; readonly event: string; readonly data: unknown };

/** Reads `GET /v1/live` until it is closed; `events` grows while it is open. */
export async function openLive(url: string, headers: Record<string, string>) {
  const abort = new AbortController();
  const answer = await fetch(url, { headers, signal: abort.signal });
  const events: StreamEvent[] = [];
  let hasEnded = false;
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      events.push(...blocks.flatMap(readBlock));
    }
  };
  const done = read()
    .catch(() => undefined)
    .finally(() => {
      hasEnded = true;
    });
  return {
    answer,
    events,
    hasEnded: () => hasEnded,
    close: () => {
      abort.abort();
      return done;
    },
  };
}

function readBlock(block: string): StreamEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) }];
}
