import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './buyer.js';
import { eventually, freePort } from './world.js';

const cli = new URL('../bin/tollbook.js', import.meta.url).pathname;

describe('npm start, from a priced endpoint to books that equal the chain', () => {
  let dataDir: string;
  let port: number;
  let product: Product;
  let key: string;
  let txHash: string;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'tollbook-start-'));
    chmodSync(dataDir, 0o711);
    port = await freePort();
    product = await startProduct(dataDir, port);
  });
  afterAll(async () => {
    await product.end();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const base = () => `http://127.0.0.1:${port}`;
  const api = async (path: string) => JSON.parse((await send(base() + path, { authorization: `Bearer ${key}` })).body);
  const run = (...args: string[]) => runCli(dataDir, port, args);
  const receipt = async (hash: string) => {
    const { evm } = JSON.parse((await send(`${base()}/sandbox/info`)).body);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getTransactionReceipt', params: [hash] });
    const answer = await fetch(evm.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await answer.json()) as { result: { status: string } | null }).result;
  };

  it('prints the ready line and says how to pay', () => {
    expect(product.stdout()).toContain(`Tollbook is ready at ${base()}\n`);
    expect(product.stdout()).toContain(`npx tollbook pay ${base()}/g/demo/weather`);
  });

  it('makes a key that stands alone on stdout', async () => {
    const made = await run('key', 'create', '--name', 'accountant');
    expect([made.code, made.stdout.trim().split('\n').length]).toEqual([0, 1]);
    key = made.stdout.trim();
    expect(key).toMatch(/^tbk_test_/);
  });

  it('takes a payment of the unmodified client and shows it confirmed within 15 s', async () => {
    const paid = await run('pay', `${base()}/g/demo/weather`);
    expect(paid.code).toBe(0);
    expect(paid.stdout).toContain('0.01');
    const confirmed = await eventually(
      'the payment is confirmed',
      async () => {
        const { data } = await api('/v1/payments');
        return ['confirmed', 'final'].includes(data[0]?.status) && data[0];
      },
      15_000,
    );
    expect(confirmed).toMatchObject({ amountAtomic: '10000', amount: '0.01', asset: 'USDC', mode: 'test' });
    expect(confirmed.invoiceNumber).toMatch(/^INV-\d{4}-000001$/);
    txHash = confirmed.txHash;
    expect(await receipt(txHash)).toMatchObject({ status: '0x1' });
  });

  it('books it as pending, then as income, and the books equal the chain', async () => {
    const detail = await eventually(
      'the payment is final',
      async () => {
        const { data } = await api('/v1/payments');
        const shown = await api(`/v1/payments/${data[0].id}`);
        return shown.status === 'final' && shown;
      },
      60_000,
    );
    const moves = detail.ledgerEntries.map((entry: { kind: string; postings: Record<string, string>[] }) => [
      entry.kind,
      entry.postings[0]?.amountAtomic,
      entry.postings[0]?.debit?.split(':')[0],
      entry.postings[0]?.credit?.split(':')[0],
    ]);
    expect(moves).toEqual([
      ['payment_confirmed', '10000', 'assets', 'pending'],
      ['payment_final', '10000', 'pending', 'income'],
    ]);
    expect(detail.timeline.map((item: { type: string }) => item.type)).toEqual(
      expect.arrayContaining([
        'offer.issued',
        'attempt.claimed',
        'transfer.mined',
        'payment_intent.confirmed',
        'payment_intent.final',
      ]),
    );
    const proof = await api('/v1/books/proof');
    expect(proof.data).toMatchObject([{ in: '10000', out: '0', closing: '10000', onChain: '10000', difference: '0' }]);
    const verified = await run('books', 'verify');
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/ 0\.01 +0\.01 +0\n/)]);
    const network = 'eip155:84532';
    const { block } = proof.data[0];
    const proved = await run('books', 'proof', '--network', network, '--at', `${block}`);
    expect([proved.code, proved.stdout]).toEqual([0, expect.stringMatching(/ 0 +0\.01 +0 +0\.01 +0\.01 +0\n/)]);
    const future = await run('books', 'proof', '--network', network, '--at', '999999999');
    expect([future.code, future.stderr]).toEqual([2, expect.stringContaining('was not read yet')]);
    const again = await run('reindex', '--network', network, '--from', '0');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('nothing had to be changed')]);
    expect(again.stdout).toMatch(/Book \d+: ledger unchanged at entry 2 /);
    const beyond = await run('reindex', '--network', network, '--from', '0', '--to', '999999999');
    expect([beyond.code, beyond.stderr]).toEqual([2, expect.stringContaining('it was read up to block')]);
    const sums = await run('reindex', '--rollups');
    expect([sums.code, sums.stdout]).toEqual([0, expect.stringContaining('none had differed')]);
    const doctor = await run('doctor');
    expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringContaining('all applied')]);
  });

  it('still knows all of it after kill -9 of everything and a second start', async () => {
    await product.killEverything();
    product = await startProduct(dataDir, port);
    const { data } = await api('/v1/payments');
    expect(data).toMatchObject([{ status: 'final', txHash, amountAtomic: '10000' }]);
    expect(await receipt(txHash)).toMatchObject({ status: '0x1' });
    await eventually('books verify is green', async () => (await run('books', 'verify')).code === 0);
    expect((await run('pay', `${base()}/g/demo/weather`, '--v1')).code).toBe(0);
    await eventually('the second payment is confirmed', async () => {
      const list = await api('/v1/payments');
      return list.data.length === 2 && list.data[0].status !== 'processing';
    });
    await eventually('books verify is green again', async () => (await run('books', 'verify')).code === 0);
  });

  it('ends within 10 s of SIGTERM and leaves no process behind', async () => {
    const pids = descendants(product.pid);
    expect(pids.length).toBeGreaterThan(4);
    const startedAt = performance.now();
    expect(await product.end()).toBe('0');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    await eventually('every process is gone', async () => pids.every((pid) => !isAlive(pid)), 5_000);
    product = await startProduct(dataDir, port);
  });

  it('ends its children when it is killed', async () => {
    const pids = descendants(product.pid);
    process.kill(product.pid, 'SIGKILL');
    await eventually('every process is gone', async () => pids.every((pid) => !isAlive(pid)), 15_000);
    product = await startProduct(dataDir, port);
    expect((await api('/v1/payments')).data).toHaveLength(2);
  });

  it('fills the demo book with payments that the books prove', async () => {
    const seeded = await run('seed', '--payments', '30');
    expect([seeded.code, seeded.stdout]).toEqual([
      0,
      expect.stringMatching(/^2\d paid and served, [34] refused, 0 und/),
    ]);
    await eventually('every payment is booked', async () => {
      const { data } = await api('/v1/payments?status=processing&status=unknown');
      return data.length === 0;
    });
    const { funnel, failures, attention } = await api('/v1/overview');
    expect(funnel[3].count).toBeGreaterThan(20);
    expect(failures.map((each: { reason: string }) => each.reason)).toContain('insufficient_funds');
    await eventually('books verify is green', async () => (await run('books', 'verify')).code === 0);
    expect(attention.unmatched.count).toBeLessThan(2);
  }, 90_000);
});

type Product = {
  readonly pid: number;
  readonly stdout: () => string;
  end(): Promise<string>;
  killEverything(): Promise<void>;
};

function environment(dataDir: string, port: number): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, TOLLBOOK_DATA_DIR: dataDir, PORT: String(port), TOLLBOOK_LOG_LEVEL: process.env.E2E_LOG ?? 'error' };
}

async function startProduct(dataDir: string, port: number): Promise<Product> {
  const child: ChildProcess = spawn(process.execPath, [cli, 'start'], {
    env: environment(dataDir, port),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
  let how: string | undefined;
  void ended.then((value) => {
    how = value;
  });
  await eventually(
    'the ready line',
    async () => {
      if (how !== undefined) throw new Error(`ended with ${how}:\n${text}`);
      return text.includes('Tollbook is ready at');
    },
    60_000,
  );
  const pid = child.pid ?? -1;
  return {
    pid,
    stdout: () => text,
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
    killEverything: async () => {
      const pids = [pid, ...descendants(pid)];
      for (const each of pids) if (isAlive(each)) process.kill(each, 'SIGKILL');
      await eventually('every process is gone', async () => pids.every((each) => !isAlive(each)));
    },
  };
}

async function runCli(dataDir: string, port: number, args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: environment(dataDir, port),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** Every process below one, as the system tells it. */
function descendants(root: number): number[] {
  const children = childrenOf(root);
  return [...children, ...children.flatMap(descendants)];
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** A zombie is dead: its parent has only not been told yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
