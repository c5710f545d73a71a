import { describe, expect, it } from 'vitest';
import { parseCommand } from './parse-command.js';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '));

describe('parseCommand', () => {
  it.each([
    ['start', { kind: 'start' }],
    ['doctor', { kind: 'doctor' }],
    ['migrate', { kind: 'migrate' }],
    ['help', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['pay --help', { kind: 'help' }],
    ['--version', { kind: 'version' }],
    ['pay http://127.0.0.1:4020/g/demo/weather', { x402Version: 2, url: 'http://127.0.0.1:4020/g/demo/weather' }],
    ['pay --v1 https://example.com/x?a=1', { kind: 'pay', x402Version: 1, url: 'https://example.com/x?a=1' }],
    ['user reset-password --email a@b.example', { kind: 'user_reset_password', email: 'a@b.example' }],
    ['seed --payments 1000', { kind: 'seed', payments: 1000, days: 1 }],
    ['explain 0xabc', { kind: 'explain', about: '0xabc', isJson: false }],
    ['explain --json inv_a', { kind: 'explain', about: 'inv_a', isJson: true }],
    [
      'books proof',
      { kind: 'books_proof', network: null, blockNumber: null, fromNumber: null, wallet: null, asset: null },
    ],
    [
      `books proof --network eip155:84532 --wallet 0x${'AB'.repeat(20)} --asset USDC --from 3 --at 12`,
      { blockNumber: 12n, fromNumber: 3n, wallet: `0x${'ab'.repeat(20)}`, asset: 'USDC' },
    ],
    ['books verify', { kind: 'books_verify', network: null, blockNumber: null }],
    ['books verify --network eip155:84532 --block 12', { network: 'eip155:84532', blockNumber: 12n }],
  ])('understands "%s"', (line, command) => {
    expect(parse(line)).toMatchObject(command);
  });

  it('reads a merchant, called as its slug unless told', () => {
    expect(parse('merchant create --slug shop')).toEqual({
      kind: 'merchant_create',
      slug: 'shop',
      name: 'shop',
      timeZone: 'UTC',
    });
    expect(parse('merchant create --slug s --name Shop --time-zone Asia/Tokyo')).toMatchObject({
      name: 'Shop',
      timeZone: 'Asia/Tokyo',
    });
  });

  it('makes keys for everything in the demo merchant’s test book unless told otherwise', () => {
    expect(parse('key create --name test')).toEqual({
      kind: 'key_create',
      name: 'test',
      merchantSlug: 'demo',
      mode: 'test',
      scopes: ['*'],
    });
  });

  it('takes scopes, each once, and gives every one where none is named', () => {
    const command = parse('key create --name n --merchant shop --mode live --scope * --scope *');
    expect(command).toMatchObject({ merchantSlug: 'shop', mode: 'live', scopes: ['*'] });
    const narrow = parse('key create --name n --scope payments:read --scope events:read --scope payments:read');
    expect(narrow).toMatchObject({ scopes: ['payments:read', 'events:read'] });
  });

  it.each([
    ['', 'No command'],
    ['strat', '"strat"'],
    ['start now', 'now'],
    ['migrate --force', '--force'],
    ['start --port 1', '--port'],
    ['merchant', 'merchant create'],
    ['merchant create', '--slug'],
    ['merchant create --slug Shop', '--slug'],
    ['merchant create --slug s --name', '--name'],
    ['key', 'key create'],
    ['key revoke', 'key create'],
    ['key create', '--name'],
    ['seed', '--payments'],
    ['seed --payments 0', '--payments'],
    ['seed --payments 10 --days x', '--days'],
    ['key create --name', '--name'],
    ['key create --name n --mode both', '--mode'],
    ['key create --name n --scope payments:print', 'payments:read'],
    ['key create --name n --scope * --scope bogus', '--scope bogus'],
    ['pay', 'one URL'],
    ['pay http://a/ http://b/', 'one URL'],
    ['pay weather', 'not an http'],
    ['pay ftp://example.com/', 'not an http'],
    ['explain', 'a wallet'],
    ['explain a b', 'a wallet'],
    ['explain --xml a', '--xml'],
    ['books', 'books verify'],
    ['network', 'network resume'],
    ['network resume', 'Say which network'],
    ['network resume eip155:1 eip155:2', 'Say which network'],
    ['reindex', '--rollups'],
    ['reindex --network eip155:84532', '--from'],
    ['reindex --network eip155:84532 --from x', '--from'],
    ['reindex --network eip155:84532 --from 6 --to 5', '--to'],
    ['reindex --network eip155:84532 --from 6 --to=-5', '--to'],
    ['reindex --rollups --network eip155:84532', '--rollups'],
    ['reindex --rollups --dry-run', '--rollups'],
    ['books proof --at latest', '--at'],
    ['books proof --from -1', '--from'],
    ['books proof --from 13 --at 12', '--from'],
    ['books proof --wallet me', '--wallet'],
    ['books verify --block latest', '--block'],
    ['books verify --block -1', '--block'],
  ])('refuses "%s" and says why', (line, part) => {
    const command = parse(line);
    expect(command.kind).toBe('refused');
    expect(command.kind === 'refused' && command.message).toContain(part);
  });
});
