import { expect, it } from 'vitest';
import { findUnprivilegedAccount, parsePasswd } from './server-account.js';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'nobodyelse:x:7:7::/:/bin/false',
  'nobody:x:65534:65533:nobody:/:/bin/false',
].join('\n');

it('finds an account by its whole name', () => {
  expect(parsePasswd(passwd, 'nobody')).toEqual({ uid: 65534, gid: 65533 });
  expect(parsePasswd(passwd, 'somebody')).toBeUndefined();
});

it('takes no account that has the rights of root, or a number that is none', () => {
  expect(parsePasswd('nobody:x:0:0::/:/bin/sh', 'nobody')).toBeUndefined();
  expect(parsePasswd('nobody:x:-2:-2::/:/bin/sh', 'nobody')).toBeUndefined();
  expect(parsePasswd('nobody:x', 'nobody')).toBeUndefined();
});

it('says what to do where there is no such account', () => {
  expect(() => findUnprivilegedAccount('/nonexistent/passwd')).toThrow(
    expect.objectContaining({ code: 'account_missing', message: expect.stringContaining('DATABASE_URL') }),
  );
});
