// Asks at a fixed rate, whatever the answers take, and counts each from the time at which it was due: one that had to
// wait because others were slow counts as slow itself.
import { connect } from 'node:net';

const stallMs = 5_000;

/** Asks a URL `rate` times a second; resolves to the latency of each answer, in milliseconds, the least first. */
export async function steadyLoad(url, { rate, seconds, status = '402' }) {
  const { hostname, port, pathname } = new URL(url);
  const request = `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`;
  const count = Math.round(rate * seconds);
  const latencies = [];
  const free = [];
  const connections = new Set();
  const startedAt = performance.now() + 5;
  const dueAt = (index) => startedAt + (index * 1000) / rate;
  await new Promise((resolve, reject) => {
    let asked = 0;
    const giveUp = (error) => {
      clearInterval(timer);
      reject(error);
    };
    const ask = () => {
      const now = performance.now();
      for (; asked < count && dueAt(asked) <= now; asked += 1) {
        const connection = free.pop() ?? open(hostname, Number(port), giveUp);
        connections.add(connection);
        send(connection, request, `HTTP/1.1 ${status} `, dueAt(asked), {
          onFailure: giveUp,
          onAnswer: (ms) => {
            free.push(connection);
            latencies.push(ms);
            if (latencies.length < count) return;
            clearInterval(timer);
            resolve();
          },
        });
      }
    };
    const timer = setInterval(ask, 1);
  }).finally(() => {
    for (const { socket } of connections) socket.destroy();
  });
  return latencies.sort((a, b) => a - b);
}

function open(host, port, onFailure) {
  const socket = connect({ host, port, noDelay: true }).setEncoding('latin1');
  const connection = { socket, text: '', isWaiting: false, answered: () => {} };
  socket.setTimeout(stallMs, () => connection.isWaiting && onFailure(new Error('an answer did not come')));
  socket.on('error', onFailure);
  socket.on('data', (text) => {
    connection.text += text;
    connection.answered();
  });
  return connection;
}

/** One request on a connection that waits for nothing else. */
function send(connection, request, start, dueAt, { onFailure, onAnswer }) {
  connection.text = '';
  connection.isWaiting = true;
  connection.answered = () => {
    const { text } = connection;
    const headEnds = text.indexOf('\r\n\r\n');
    if (headEnds === -1) return;
    if (!text.startsWith(start)) {
      onFailure(new Error(`an answer began with ${text.slice(0, 20)}`));
      return;
    }
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
    if (text.length < headEnds + 4 + length) return;
    connection.isWaiting = false;
    connection.answered = () => {};
    onAnswer(performance.now() - dueAt);
  };
  connection.socket.write(request);
}
