import { readFileSync } from 'node:fs';

/** Commands that exist, for people. */
export const usage = `Usage: tollbook <command>

  start                        Start everything: database, sandbox chain, api and worker. Ctrl-C ends it.
  migrate                      Bring the database of DATABASE_URL up to date, where api and worker are run apart.
  doctor                       Check Node, configuration, database, queue, chains and clocks.
  key create --name NAME       Make an API key of a book; prints it, and nothing else, on stdout.
      [--merchant SLUG]          whose book it opens (demo)
      [--mode test|live]         which of the two books (test)
      [--scope SCOPE]...         what it may do, such as payments:read (everything)
  merchant create --slug SLUG  Add a merchant with a live and a test book, served at /g/SLUG and /g/SLUG-test.
      [--name NAME]              what people call it (the slug)
      [--time-zone ZONE]         where its accounting days begin, such as Europe/Berlin (UTC)
  user reset-password --email E
                               Give somebody a new password; prints it alone on stdout and ends their sessions.
  pay <url> [--v1]             Buy from a URL with the sandbox's buyer and print the exchange.
  pay --scenario NAME          Let the sandbox play what may become of a payment: ok, declined, delayed, lost-reply,
                               short, late, twice, expired; see it in the dashboard.
  explain <invoice|tx|wallet>  Tell everything that is known of it: offer, attempts, money on chain, what was refused and
      [--json]                   why, and what to do next.
  seed --payments N            Fill the demo merchant's test book by buying at its gate: real payments of play money.
  books proof                  Show each wallet at a block: opening, in, out, closing, what the chain says, and the rows
                               behind a difference. Exit code 1 where one differs.
      [--network ID]             one network only, such as eip155:84532
      [--wallet ADDRESS]         one wallet only
      [--asset SYMBOL|CONTRACT]  one token only
      [--at NUMBER]              at this block instead of the newest final one
      [--from NUMBER]            what came before this block counts as opening
  books verify                 Prove the books against the chain and check the ledger's hash chains.
      [--network ID]             one network only, such as eip155:84532
      [--block NUMBER]           at this block instead of the newest final one
  network resume <ID>          Read a network again that stopped because a final block changed, once every node shows the
                               block up to which its books are final.
  reindex --network ID --from NUMBER
                               Read blocks from the chain again, while Tollbook runs: book what was missed, orphan what the
                               chain does not have, and show the books before and after.
      [--to NUMBER]              up to this block (the newest that was read)
      [--dry-run]                show what differs and change nothing
  reindex --rollups            Make the sums of reports and overview anew from the rows that they sum, in one
                               transaction, while Tollbook runs.
  help, --version

Settings are environment variables; .env.example lists them all.`;

/** The version of this checkout. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '?';
}
