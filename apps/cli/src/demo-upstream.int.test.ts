import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoUpstream } from './demo-upstream.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollbook-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('startDemoUpstream', () => {
  it('answers the weather and counts its calls', async () => {
    const upstream = await startDemoUpstream(folder);
    const answers = [await fetch(upstream.url), await fetch(`${upstream.url}?place=here`)];
    expect(answers.map((answer) => answer.headers.get('x-demo-calls'))).toEqual(['1', '2']);
    expect(await answers[0]?.json()).toMatchObject({
      place: expect.any(String),
      temperatureCelsius: expect.any(Number),
    });
    const others = [await fetch(`${upstream.url}/x`), await fetch(upstream.url, { method: 'POST' })];
    expect(others.map((answer) => answer.status)).toEqual([404, 405]);
    const head = await fetch(upstream.url, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-demo-calls')]).toEqual([200, '3']);
    await upstream.close();
  });

  it('keeps its port from start to start, and takes another when that is gone', async () => {
    const first = await startDemoUpstream(folder);
    await first.close();
    const second = await startDemoUpstream(folder);
    expect(second.url).toBe(first.url);
    await second.close();
    const stranger = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    const third = await startDemoUpstream(folder);
    expect(third.url).not.toBe(first.url);
    expect((await fetch(third.url)).status).toBe(200);
    await third.close();
    stranger.close();
  });
});
