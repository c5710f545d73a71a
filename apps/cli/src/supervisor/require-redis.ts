import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../explain-error.js';

const answerMsMax = 3_000;
const redisPort = 6379;
const replyCharactersMax = 1_000;
const reasonCharactersMax = 200;
/** Passwords that such a server does not ask for are no hindrance: the client of the queue goes on, too. */
const needlessPassword = /no password is set|without any password configured|wrong number of arguments/i;

/**
 * Resolves when the Redis of REDIS_URL lets us in and answers PING within `timeoutMs`. Throws a CliError that names
 * server and reason, never the password.
 */
export async function requireRedis(redisUrl: string, timeoutMs = answerMsMax): Promise<void> {
  const { hostname, port, protocol, username, password } = new URL(redisUrl);
  const host = hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const server = { host, port: port === '' ? redisPort : Number(port) };
  try {
    const secret = decodeURIComponent(password);
    const login = secret === '' ? [] : [decodeURIComponent(username), secret].filter((part) => part !== '');
    const replies = await converse(protocol === 'rediss:' ? connectTls(server) : connectTcp(server), login, timeoutMs);
    const refusal = refusalIn(replies, login.length > 0);
    if (refusal !== null) throw new Error(secret === '' ? refusal : refusal.replaceAll(secret, '***'));
  } catch (error) {
    const { host: shown } = new URL(redisUrl);
    throw new CliError(`The Redis of REDIS_URL (${shown}) cannot be used: ${reasonOf(error)}`);
  }
}

/** Says who we are, asks PING, and resolves with one line for each of the two. */
function converse(socket: Socket, login: readonly string[], timeoutMs: number): Promise<string[]> {
  const asks = login.length === 0 ? [['PING']] : [['AUTH', ...login], ['PING']];
  let timer: NodeJS.Timeout | undefined;
  return new Promise<string[]>((resolve, reject) => {
    const late = () => reject(new Error(`it does not answer within ${timeoutMs / 1000} s`));
    timer = setTimeout(late, timeoutMs);
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const lines = text.split('\r\n').slice(0, -1);
      if (lines.length >= asks.length || text.length > replyCharactersMax) resolve(lines.slice(0, asks.length));
    });
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('it closes the connection')));
    socket.write(asks.map(encodeCommand).join(''));
  }).finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function encodeCommand(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Why these replies are not those of a Redis that can be used; null where they are. */
function refusalIn(replies: readonly string[], isLoginFirst: boolean): string | null {
  const [loginReply, pong] = isLoginFirst ? replies : ['+OK', replies[0]];
  if (loginReply?.startsWith('-') && !needlessPassword.test(loginReply)) return told(loginReply);
  // An account may be allowed what the queue needs, and not PING.
  if (pong?.startsWith('+PONG') || pong?.startsWith('-NOPERM')) return null;
  return pong?.startsWith('-') ? told(pong) : 'what answers there is not a Redis';
}

function told(reply: string): string {
  return `it answers ${reply.slice(1, reasonCharactersMax)}`;
}
