// A load client that costs almost nothing: raw sockets, keep-alive, one request in flight each. A general client parses
// every header in JavaScript, and would then measure itself: a 402 has three kilobytes of them, a hello has none.
import { connect } from 'node:net';

const stallMs = 5_000;

/**
 * Loads a URL whose answers all have one length (checked: every answer must begin with the first one's status line).
 * Returns requests per second and the latency percentiles in milliseconds.
 */
export async function load(url, { connections = 50, seconds = 3 } = {}) {
  const { hostname, port, pathname } = new URL(url);
  const request = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`;
  const { length, statusLine } = await firstAnswer(hostname, Number(port), request);
  const latencies = [];
  const endsAt = performance.now() + seconds * 1000;
  const startedAt = performance.now();
  const awake = stayAwake();
  await Promise.all(
    Array.from({ length: connections }, () =>
      drive(hostname, Number(port), request, length, statusLine, endsAt, latencies),
    ),
  );
  const took = (performance.now() - startedAt) / 1000;
  awake.end();
  latencies.sort((a, b) => a - b);
  const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return {
    count: latencies.length,
    rate: latencies.length / took,
    p50: percentile(0.5),
    p99: percentile(0.99),
    bytes: length,
  };
}

/**
 * Keeps this process polling instead of sleeping. To wake a sleeping client is work for the server's core, and only the
 * slower of two servers would meet a client that sleeps: its number would hold the cost of the wake-ups as well.
 */
function stayAwake() {
  let isEnded = false;
  const again = () => {
    if (!isEnded) setImmediate(again);
  };
  again();
  return {
    end: () => {
      isEnded = true;
    },
  };
}

function drive(host, port, request, length, statusLine, endsAt, latencies) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let got = 0;
    let sentAt = 0;
    const send = () => {
      got = 0;
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    // An answer that is shorter than the first would else be waited for without end.
    socket.setTimeout(stallMs, () => {
      socket.destroy();
      reject(new Error(`an answer stopped after ${got} of ${length} bytes`));
    });
    socket.on('data', (chunk) => {
      if (got === 0 && chunk.latin1Slice(0, statusLine.length) !== statusLine) {
        socket.destroy();
        reject(new Error(`an answer began with ${chunk.latin1Slice(0, 20)}`));
        return;
      }
      got += chunk.length;
      if (got > length) reject(new Error('an answer had another length'));
      if (got !== length) return;
      const now = performance.now();
      latencies.push(now - sentAt);
      if (now < endsAt) return send();
      socket.end();
      resolve();
    });
  });
}

/** The length of one whole answer, by its content-length or its last chunk. */
function firstAnswer(host, port, request) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(stallMs, () => socket.destroy());
    let bytes = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed before it was answered')));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const headEnds = bytes.indexOf('\r\n\r\n');
      if (headEnds === -1) return;
      const head = bytes.latin1Slice(0, headEnds);
      const told = /content-length: (\d+)/i.exec(head)?.[1];
      const lastChunk = '\r\n0\r\n\r\n';
      if (told === undefined && !bytes.includes(lastChunk, headEnds)) return;
      const length = told === undefined ? bytes.indexOf(lastChunk) + lastChunk.length : headEnds + 4 + Number(told);
      if (bytes.length < length) return;
      socket.destroy();
      resolve({ length, statusLine: head.slice(0, head.indexOf('\r\n')) });
    });
  });
}
