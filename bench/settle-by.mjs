// Lets the payments of the demo merchant be settled by one facilitator.

const readyMsMax = 15_000;

/** Adds the facilitator at this URL, and waits until the gate has seen it. */
export async function settleBy({ url, createKey }, facilitatorUrl) {
  const headers = { authorization: `Bearer ${createKey()}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ kind: 'remote', name: 'Fixed', url: facilitatorUrl, allowsPlainHttp: true });
  const call = async (path, options) => (await fetch(url + path, { headers, ...options })).json();
  const { id } = await call('/v1/facilitators', {
    method: 'POST',
    body,
    headers: { ...headers, 'idempotency-key': 'b' },
  });
  const deadline = performance.now() + readyMsMax;
  while ((await call(`/v1/facilitators/${id}`)).state !== 'ready') {
    if (performance.now() > deadline) throw new Error('the facilitator is not ready');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
