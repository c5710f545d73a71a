/** What the sandbox process says when its chain and its demo server answer. */
export type SandboxReady = { readonly anvilPid: number; readonly rpcUrl: string; readonly upstreamUrl: string };

/** The message that carries it. */
export function encodeSandboxReady(ready: SandboxReady): object {
  return { type: 'ready', ...ready };
}

/** Reads that message; undefined for any other. */
export function decodeSandboxReady(message: unknown): SandboxReady | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, anvilPid, rpcUrl, upstreamUrl } = { type: '', anvilPid: 0, rpcUrl: '', upstreamUrl: '', ...message };
  const isRight = type === 'ready' && typeof anvilPid === 'number' && typeof rpcUrl === 'string';
  return isRight && typeof upstreamUrl === 'string' ? { anvilPid, rpcUrl, upstreamUrl } : undefined;
}
