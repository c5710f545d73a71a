import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('docs/x402.md', () => {
  const { dependencies } = JSON.parse(read('compat/package.json'));
  const clients = ['x402-fetch', 'x402-axios', '@x402/fetch', '@x402/axios', 'ethers'];
  const rows = read('docs/x402.md').split('\n');

  it.each(clients)('names the version of %s that is run', (client) => {
    const row = rows.find((line) => line.startsWith(`| \`${client}\``) || line.startsWith(`| ${client} `));
    expect(row).toContain(`| ${dependencies[client]} |`);
  });
});
