import { describe, expect, it } from 'vitest';
import { createUrlVetter } from './create-url-vetter.js';

const names: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.216.34'],
  'private.example': ['10.0.0.1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
};
const resolveName = async (name: string) => {
  const found = names[name];
  if (!found) throw new Error('no such name');
  return found;
};
const vet = createUrlVetter({ allowCidrs: [], resolveName });

describe('createUrlVetter', () => {
  it.each(['https://public.example/a?b=1', 'http://93.184.216.34:8080', 'https://away.example'])(
    'lets %s through',
    async (url) => {
      expect(await vet(url)).toBeNull();
    },
  );

  it.each([
    'http://127.0.0.1/',
    'http://[::1]:80/',
    'http://0x7f.1/',
    'http://169.254.169.254/latest',
    'http://[::ffff:10.0.0.1]/',
    'https://private.example/',
    'https://mixed.example/',
  ])('blocks %s', async (url) => {
    expect(await vet(url)).toBe('address_blocked');
  });

  it.each([
    '',
    'weather',
    'ftp://public.example',
    'http://me:secret@public.example',
    'javascript:1',
    '//public.example',
  ])('does not take %s for a URL', async (url) => {
    expect(await vet(url)).toBe('invalid_url');
  });

  it('lets through what is allowed by name', async () => {
    const open = createUrlVetter({ allowCidrs: ['127.0.0.0/8', '10.0.0.0/8'], resolveName });
    expect(await open('http://127.0.0.1:4020/demo')).toBeNull();
    expect(await open('https://mixed.example/')).toBeNull();
    expect(await open('http://[::1]/')).toBe('address_blocked');
  });
});
