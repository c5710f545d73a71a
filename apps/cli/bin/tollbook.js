#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const NODE_MINOR_MIN = 19;

const built = new URL('../dist/main.js', import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < NODE_MAJOR_MIN || (major === NODE_MAJOR_MIN && minor < NODE_MINOR_MIN)) {
  const wanted = `${NODE_MAJOR_MIN}.${NODE_MINOR_MIN}`;
  console.error(`Tollbook needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 1;
} else if (!existsSync(fileURLToPath(built))) {
  console.error('Tollbook is not built yet: run `npm run build` (or `npm start`) first.');
  process.exitCode = 1;
} else {
  const { main } = await import(built.href);
  await main(process.argv.slice(2));
}
