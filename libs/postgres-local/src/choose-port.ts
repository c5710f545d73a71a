import { createServer } from 'node:net';

/** Returns the remembered port when nothing listens there, else a free one; another process may still take it first. */
export async function choosePort(rememberedPort: number | undefined): Promise<number> {
  if (rememberedPort !== undefined) {
    const port = await tryPort(rememberedPort);
    if (port !== undefined) return port;
  }
  const port = await tryPort(0);
  if (port === undefined) throw new Error('no free TCP port on 127.0.0.1');
  return port;
}

/** Listens on the port for a moment (0 means any); undefined when that fails, for whatever reason. */
async function tryPort(port: number): Promise<number | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
