import { parseArgs } from 'node:util';
import { everyScope, permissions, type Scenario, scenarios, scopeSchema } from '@tollbook/contract';

/** What the operator asked for, its arguments checked in form. */
export type Command =
  | { readonly kind: 'help' | 'version' | 'start' | 'doctor' | 'migrate' }
  | {
      readonly kind: 'key_create';
      readonly name: string;
      readonly merchantSlug: string;
      readonly mode: 'test' | 'live';
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'merchant_create'; readonly slug: string; readonly name: string; readonly timeZone: string }
  | { readonly kind: 'pay'; readonly url: string; readonly x402Version: 1 | 2 }
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'books_verify'; readonly network: string | null; readonly blockNumber: bigint | null }
  | {
      readonly kind: 'books_proof';
      readonly network: string | null;
      readonly blockNumber: bigint | null;
      readonly fromNumber: bigint | null;
      /** Lower-case. */
      readonly wallet: string | null;
      readonly asset: string | null;
    }
  | { readonly kind: 'reindex_rollups' }
  | {
      readonly kind: 'reindex';
      readonly network: string;
      readonly fromNumber: bigint;
      /** Null for the newest block that was read. */
      readonly toNumber: bigint | null;
      readonly isTrial: boolean;
    }
  | { readonly kind: 'network_resume'; readonly network: string }
  | { readonly kind: 'seed'; readonly payments: number; readonly days: number }
  | { readonly kind: 'explain'; readonly about: string; readonly isJson: boolean }
  | { readonly kind: 'user_reset_password'; readonly email: string }
  | { readonly kind: 'refused'; readonly message: string };

const defaultMerchantSlug = 'demo';

/** Reads the arguments after `tollbook`; whatever does not fit is refused with a message, never thrown. */
export function parseCommand(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (first === undefined) return refused('No command given.');
  if (first === 'help' || rest.includes('--help') || rest.includes('-h')) return { kind: 'help' };
  try {
    switch (first) {
      case '--help':
      case '-h':
        return { kind: 'help' };
      case '--version':
      case '-v':
        return { kind: 'version' };
      case 'start':
      case 'doctor':
      case 'migrate':
        parseArgs({ args: rest, options: {}, strict: true });
        return { kind: first };
      case 'key':
        return rest[0] === 'create' ? parseKeyCreate(rest.slice(1)) : refused('Did you mean: tollbook key create?');
      case 'merchant':
        return rest[0] === 'create'
          ? parseMerchantCreate(rest.slice(1))
          : refused('Did you mean: tollbook merchant create?');
      case 'user':
        return rest[0] === 'reset-password'
          ? parseResetPassword(rest.slice(1))
          : refused('Did you mean: tollbook user reset-password?');
      case 'pay':
        return parsePay(rest);
      case 'explain':
        return parseExplain(rest);
      case 'seed':
        return parseSeed(rest);
      case 'reindex':
        return parseReindex(rest);
      case 'network':
        return rest[0] === 'resume'
          ? parseNetworkResume(rest.slice(1))
          : refused('Did you mean: tollbook network resume?');
      case 'books':
        if (rest[0] === 'proof') return parseBooksProof(rest.slice(1));
        return rest[0] === 'verify'
          ? parseBooksVerify(rest.slice(1))
          : refused('Did you mean: tollbook books verify, or books proof?');
      default:
        return refused(`There is no command "${first}".`);
    }
  } catch (error) {
    if (!isArgumentError(error)) throw error;
    return refused(error.message);
  }
}

function parseKeyCreate(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      name: { type: 'string' },
      merchant: { type: 'string', default: defaultMerchantSlug },
      mode: { type: 'string', default: 'test' },
      scope: { type: 'string', multiple: true },
    },
  });
  const { name, merchant, mode, scope = [] } = values;
  if (name === undefined || name.trim() === '') return refused('Say what the key is for: --name NAME.');
  if (mode !== 'test' && mode !== 'live') return refused(`--mode is test or live, not "${mode}".`);
  const unknown = scope.find((each) => !scopeSchema.safeParse(each).success);
  if (unknown !== undefined) {
    return refused(`--scope ${unknown} is not known; there are ${everyScope}, ${permissions.join(', ')}.`);
  }
  const scopes = scope.length === 0 ? [everyScope] : [...new Set<string>(scope)];
  return { kind: 'key_create', name: name.trim(), merchantSlug: merchant, mode, scopes };
}

/** The longest of a slug whose test book, `<slug>-test`, still is one. */
const slugCharsMax = 58;

function parseMerchantCreate(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      slug: { type: 'string' },
      name: { type: 'string' },
      'time-zone': { type: 'string', default: 'UTC' },
    },
  });
  const { slug = '', name = slug, 'time-zone': timeZone } = values;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug) || slug.length > slugCharsMax) {
    return refused('Say where the gate serves it, in lower-case letters, digits and hyphens: --slug SLUG.');
  }
  if (name.trim() === '') return refused('--name is empty.');
  return { kind: 'merchant_create', slug, name: name.trim(), timeZone };
}

function parseResetPassword(args: readonly string[]): Command {
  const { values } = parseArgs({ args: [...args], strict: true, options: { email: { type: 'string' } } });
  const email = values.email?.trim() ?? '';
  return email === '' ? refused('Say whose password: --email E.') : { kind: 'user_reset_password', email };
}

function parsePay(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { v1: { type: 'boolean', default: false }, scenario: { type: 'string' } },
  });
  const [url, ...others] = positionals;
  if (values.scenario !== undefined) {
    const scenario = scenarios.find((each) => each === values.scenario);
    if (!scenario) return refused(`--scenario is one of ${scenarios.join(', ')}.`);
    if (url !== undefined || values.v1) return refused('A scenario is played at the demo endpoint: name no URL.');
    return { kind: 'scenario', scenario };
  }
  if (url === undefined || others.length > 0) return refused('Say what to pay for, one URL: tollbook pay <url>.');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return refused(`"${url}" is not an http:// or https:// URL.`);
  }
  return { kind: 'pay', url, x402Version: values.v1 ? 1 : 2 };
}

function parseExplain(args: readonly string[]): Command {
  const options = { json: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], strict: true, allowPositionals: true, options });
  const [about = '', ...others] = positionals.map((each) => each.trim());
  if (about === '' || others.length > 0 || about.length > aboutCharsMax) {
    return refused('Say what to explain, one of: an invoice, a transaction hash, a wallet.');
  }
  return { kind: 'explain', about, isJson: values.json };
}

const aboutCharsMax = 200;

function parseSeed(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: { payments: { type: 'string' }, days: { type: 'string', default: '1' } },
  });
  const { payments = '', days } = values;
  if (!/^[1-9]\d{0,4}$/.test(payments)) return refused('Say how many payments, 1 to 99999: --payments N.');
  if (!/^[1-9]\d{0,2}$/.test(days)) return refused(`--days is a number of days, not "${days}".`);
  return { kind: 'seed', payments: Number(payments), days: Number(days) };
}

function parseNetworkResume(args: readonly string[]): Command {
  const { positionals } = parseArgs({ args: [...args], strict: true, allowPositionals: true, options: {} });
  const [network, ...others] = positionals;
  if (network === undefined || others.length > 0)
    return refused('Say which network: tollbook network resume eip155:8453.');
  return { kind: 'network_resume', network };
}

function parseBooksVerify(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: { network: { type: 'string' }, block: { type: 'string' } },
  });
  const { network = null, block } = values;
  if (block !== undefined && !isBlock(block)) return refused(`--block is a block number, not "${block}".`);
  return { kind: 'books_verify', network, blockNumber: block === undefined ? null : BigInt(block) };
}

function parseBooksProof(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      network: { type: 'string' },
      at: { type: 'string' },
      from: { type: 'string' },
      wallet: { type: 'string' },
      asset: { type: 'string' },
    },
  });
  const { network = null, at, from, wallet = null, asset = null } = values;
  for (const [name, value] of Object.entries({ at, from })) {
    if (value !== undefined && !isBlock(value)) return refused(`--${name} is a block number, not "${value}".`);
  }
  const [blockNumber, fromNumber] = [at, from].map((value) => (value === undefined ? null : BigInt(value)));
  if (typeof blockNumber === 'bigint' && typeof fromNumber === 'bigint' && fromNumber > blockNumber) {
    return refused('--from lies above --at.');
  }
  if (wallet !== null && !/^0x[0-9a-f]{40}$/i.test(wallet)) return refused(`--wallet is an address, not "${wallet}".`);
  const named = { wallet: wallet?.toLowerCase() ?? null, asset };
  return { kind: 'books_proof', network, blockNumber: blockNumber ?? null, fromNumber: fromNumber ?? null, ...named };
}

function parseReindex(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      rollups: { type: 'boolean', default: false },
      network: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const { rollups, network, from, to, 'dry-run': isTrial } = values;
  if (rollups) {
    const others = network ?? from ?? to;
    return others === undefined && !isTrial
      ? { kind: 'reindex_rollups' }
      : refused('--rollups makes all sums anew: name no network, no blocks and no --dry-run beside it.');
  }
  if (network === undefined || from === undefined) {
    return refused('Say what to read again: --network ID --from NUMBER [--to NUMBER], or --rollups.');
  }
  for (const [name, value] of Object.entries({ from, to })) {
    if (value !== undefined && !isBlock(value)) return refused(`--${name} is a block number, not "${value}".`);
  }
  const toNumber = to === undefined ? null : BigInt(to);
  if (toNumber !== null && toNumber < BigInt(from)) return refused('--from lies above --to.');
  return { kind: 'reindex', network, fromNumber: BigInt(from), toNumber, isTrial };
}

function isBlock(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

function refused(message: string): Command {
  return { kind: 'refused', message };
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
