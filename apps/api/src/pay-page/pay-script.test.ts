import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';

const script = new URL('../../assets/pay/pay.js', import.meta.url);

/** The page's script, with one button of a class and its data clicked and the clock run once: the options of its fetches. */
async function fetched(kind: string, dataset: Record<string, string>): Promise<RequestInit[]> {
  const asked: RequestInit[] = [];
  const timers: (() => unknown)[] = [];
  let click: (event: object) => void = () => expect.fail('the page listens to no click');
  const button = {
    dataset,
    closest: () => button,
    matches: (selector: string) => selector === kind,
    parentElement: { querySelector: () => null },
  };
  runInNewContext(await readFile(script, 'utf8'), {
    document: {
      getElementById: (id: string) => (id === 'invoice' ? { dataset: { status: 'open' } } : null),
      querySelectorAll: () => [],
      addEventListener: (_type: string, listener: typeof click) => {
        click = listener;
      },
    },
    location: { pathname: '/pay/a', href: '/pay/a' },
    navigator: {},
    setInterval: () => 0,
    setTimeout: (run: () => unknown) => timers.push(run),
    fetch: (_path: string, init: RequestInit) => {
      asked.push(init);
      return Promise.reject(new Error('away'));
    },
  });
  click({ target: button });
  for (const run of timers.splice(0)) await run();
  return asked;
}

it('asks for everything without the cookies of a reader who is signed in here', async () => {
  for (const [kind, dataset] of [
    ['[data-fetch]', { fetch: '/g/demo/weather', invoice: 'inv_a' }],
    ['.open', { open: 'eip155:8453' }],
  ] as const) {
    const asked = await fetched(kind, dataset);
    expect(asked.map(({ credentials }) => credentials)).toEqual(['omit', 'omit']);
  }
});
