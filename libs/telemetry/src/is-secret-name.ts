const SECRET_NAMES = new Set([
  'authorization',
  'cookie',
  'cookies',
  'invoiceid',
  'key',
  'mnemonic',
  'paymentrequired',
  'paymentresponse',
  'pepper',
  'proxyauthorization',
  'sealed',
  'secrets',
  'seed',
  'setcookie',
  'signedtx',
  'signinwithx',
  'xpayment',
  'xpaymentresponse',
  'x402pass',
  'x402paymentproof',
]);

const SECRET_ENDINGS = [
  'apikey',
  'credential',
  'credentials',
  'headers',
  'masterkey',
  'passphrase',
  'password',
  'privatekey',
  'sealed',
  'secret',
  'secretkey',
  'signature',
  'signatures',
  'signingkey',
  'token',
];

/** Field names come from the code, so they are few; the bound is for names that come from data. */
const REMEMBERED_MAX = 1000;
const remembered = new Map<string, boolean>();

/** Whether a field of this name is never logged; its spelling (`set-cookie`, `setCookie`) makes no difference. */
export function isSecretName(name: string): boolean {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const isSecret = SECRET_NAMES.has(plain) || SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
  if (remembered.size < REMEMBERED_MAX) remembered.set(name, isSecret);
  return isSecret;
}
