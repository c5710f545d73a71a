import { createHash } from 'node:crypto';
import { entryHash, firstChainHash, uuidV7 } from '@tollbook/domain';
import { insertRow, type Row } from './book-rows.js';
import type { StoreTest, TestBook } from './store-test.js';

/** Rows of payments, written by hand as the owner: what the stores under test then read. */
export class PaymentRows {
  private count = 0;
  private readonly startedAt = Date.now();
  private readonly chains = new Map<number, { seq: bigint; hash: Uint8Array }>();

  constructor(
    private readonly test: StoreTest,
    private readonly book: TestBook,
    private readonly terms: Row,
  ) {}

  /** Needs a book that is priced. */
  static async of(test: StoreTest, book: TestBook): Promise<PaymentRows> {
    const { rows } = await test.owner.query(
      `select number as terms_number, price_version_id, endpoint_id from terms_versions where book_id = $1
       order by number desc limit 1`,
      [book.bookId],
    );
    return new PaymentRows(test, book, rows[0]);
  }

  /** A later id than any before, and bytes of the same number that differ by book. */
  private next(): { id: string; bytes: (length: number) => Buffer } {
    this.count += 1;
    const place = this.count;
    const { bookId } = this.book;
    const bytes = (length: number) =>
      createHash('sha512').update(`${bookId}/${place}/${length}`).digest().subarray(0, length);
    return { id: uuidV7(this.startedAt + place, bytes(10)), bytes };
  }

  /** An id of its own, for what is looked for and not there. */
  id(): string {
    return this.next().id;
  }

  async intent(change: Row = {}): Promise<string> {
    const { id, bytes } = this.next();
    await this.insert('payment_intents', {
      intent_id: id,
      invoice_id: bytes(50),
      source: 'gate',
      ...this.terms,
      network_id: 1,
      asset_id: 1,
      wallet_id: this.book.walletId,
      amount_atomic: 10_000n,
      expires_at: new Date(this.startedAt + 300_000),
      payer: Buffer.alloc(20, 0xaa),
      ...change,
    });
    return id;
  }

  async moveIntent(intentId: string, status: string, set = 'sequence = sequence + 1'): Promise<void> {
    await this.test.owner.query(`update payment_intents set status = $2, ${set} where intent_id = $1`, [
      intentId,
      status,
    ]);
  }

  async attempt(intentId: string, change: Row = {}): Promise<{ attemptId: string; replayKey: Buffer; txHash: Buffer }> {
    const { id, bytes } = this.next();
    const hash = bytes(32);
    await this.insert('attempts', {
      attempt_id: id,
      intent_id: intentId,
      network_id: 1,
      asset_id: 1,
      replay_key: hash,
      kind: 'authorization',
      scheme: 'exact',
      payer: Buffer.alloc(20, 0xaa),
      nonce: hash,
      amount_atomic: 10_000n,
      valid_before: new Date(this.startedAt + 300_000),
      request_fingerprint: hash,
      client_net: hash,
      x402_version: 2,
      lease_owner: id,
      lease_until: new Date(this.startedAt + 70_000),
      tx_hash: bytes(32),
      ...change,
    });
    return { attemptId: id, replayKey: hash, txHash: bytes(32) };
  }

  async moveAttempt(attemptId: string, ...statuses: readonly string[]): Promise<void> {
    for (const status of statuses) {
      await this.test.owner.query(
        `update attempts set status = $2, sent_at = coalesce(sent_at, now()) where attempt_id = $1`,
        [attemptId, status],
      );
    }
  }

  async transfer(blockNumber: bigint, change: Row = {}): Promise<string> {
    const { id, bytes } = this.next();
    await this.insert('transfers', {
      transfer_id: id,
      network_id: 1,
      block_number: blockNumber,
      block_hash: bytes(32),
      block_time: new Date(1_790_000_000_000),
      tx_hash: bytes(32),
      position: 0,
      asset_id: 1,
      from_address: Buffer.alloc(20, 0xaa),
      to_address: Buffer.from(this.book.walletAddress.slice(2), 'hex'),
      to_wallet_id: this.book.walletId,
      amount_atomic: 10_000n,
      replay_key: bytes(32),
      ...change,
    });
    return id;
  }

  async allocation(transferId: string, intentId: string | null, change: Row = {}): Promise<string> {
    const { id } = this.next();
    await this.insert('allocations', {
      allocation_id: id,
      transfer_id: transferId,
      intent_id: intentId,
      bucket: intentId === null ? 'unmatched' : 'payment',
      amount_atomic: 10_000n,
      matched_by: intentId === null ? 'none' : 'nonce',
      ...change,
    });
    return id;
  }

  async discrepancy(change: Row): Promise<string> {
    const { id } = this.next();
    await this.insert('discrepancies', { discrepancy_id: id, amount_atomic: 5n, ...change });
    return id;
  }

  async event(intentId: string, sequence: number, from: string, to: string): Promise<void> {
    const { id, bytes } = this.next();
    await this.insert('events', {
      event_id: id,
      type: `payment_intent.${to}`,
      intent_id: intentId,
      sequence,
      from_status: from,
      to_status: to,
      evidence: { sequence },
      body_hash: bytes(32),
    });
  }

  get walletCode(): string {
    return `assets:wallet:eip155:84532:${this.book.walletAddress}`;
  }

  /** The next entry of the book's chain; without postings a broken one. */
  async entry(
    kind: string,
    causeId: string,
    blockNumber: bigint,
    postings: readonly (readonly [debitCode: string, creditCode: string, amountAtomic: bigint, assetId?: number])[],
    change: Row = {},
  ): Promise<void> {
    const { bookId } = this.book;
    const last = this.chains.get(bookId) ?? { seq: 0n, hash: firstChainHash };
    const fields = { kind, cause_kind: 'allocation', cause_id: causeId, intent_id: null, network_id: 1, ...change };
    const entrySeq = last.seq + 1n;
    const hashed = {
      entrySeq,
      kind,
      causeKind: fields.cause_kind,
      causeId,
      intentId: fields.intent_id,
      network: fields.network_id === 1 ? 'eip155:84532' : 'eip155:8453',
      blockNumber,
      effectiveAtUnixSeconds: 1_790_000_000,
      localDay: '2026-09-21',
      factsHash: null,
      postings: postings.map(([debitCode, creditCode, amountAtomic, assetId = 1]) => ({
        debitCode,
        creditCode,
        assetId,
        amountAtomic,
      })),
    };
    const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const hash = entryHash(last.hash, hashed, sha256);
    await this.insert('ledger_entries', {
      entry_seq: entrySeq,
      ...fields,
      block_number: blockNumber,
      effective_at: new Date(1_790_000_000_000),
      local_day: '2026-09-21',
      period: '2026-09',
      chain_hash: hash,
    });
    for (const [leg, posting] of hashed.postings.entries()) {
      await this.insert('ledger_postings', {
        entry_seq: entrySeq,
        leg,
        debit_account_id: await this.account(posting.debitCode),
        credit_account_id: await this.account(posting.creditCode),
        asset_id: posting.assetId,
        amount_atomic: posting.amountAtomic,
      });
    }
    this.chains.set(bookId, { seq: entrySeq, hash });
    await this.test.owner.query(
      `insert into ledger_heads (book_id, entry_seq, chain_hash) values ($1, $2, $3)
       on conflict (book_id) do update set entry_seq = excluded.entry_seq, chain_hash = excluded.chain_hash`,
      [bookId, entrySeq, hash],
    );
  }

  private async account(code: string): Promise<number> {
    const isWallet = code.startsWith('assets:wallet');
    const { rows } = await this.test.owner.query(
      `with made as (
         insert into ledger_accounts (book_id, code, kind, wallet_id) values ($1, $2, $3, $4)
         on conflict (book_id, code) do nothing returning account_id
       )
       select account_id from made union all select account_id from ledger_accounts where book_id = $1 and code = $2`,
      [this.book.bookId, code, kindOf(code), isWallet ? this.walletOf(code) : null],
    );
    return rows[0].account_id;
  }

  /** Accounts of further wallets name theirs after a `#`. */
  private walletOf(code: string): string {
    return code.split('#')[1] ?? this.book.walletId;
  }

  private async insert(table: string, row: Row): Promise<void> {
    await insertRow(this.test.owner, table, { book_id: this.book.bookId, ...row });
  }

  /** A payment of 10000 that was confirmed in a block, with everything that belongs to it. */
  async confirmedPayment(blockNumber: bigint, invoiceNo: number) {
    const intentId = await this.intent();
    const { attemptId, replayKey, txHash } = await this.attempt(intentId);
    await this.moveAttempt(attemptId, 'submitting', 'submitted');
    await this.moveIntent(intentId, 'processing');
    await this.event(intentId, 1, 'open', 'processing');
    const transferId = await this.transfer(blockNumber, { tx_hash: txHash, replay_key: replayKey });
    const allocationId = await this.allocation(transferId, intentId);
    await this.moveAttempt(attemptId, 'confirmed');
    await this.test.owner.query(
      `insert into invoice_counters values ($1, 2026, $2)
       on conflict (book_id, invoice_year) do update set last_no = excluded.last_no`,
      [this.book.bookId, invoiceNo],
    );
    const numbered = `invoice_year = 2026, invoice_no = ${invoiceNo}, confirmed_at = now()`;
    await this.moveIntent(intentId, 'confirmed', `sequence = sequence + 1, ${numbered}`);
    await this.event(intentId, 2, 'processing', 'confirmed');
    const postings = [[this.walletCode, 'pending:none', 10_000n]] as const;
    await this.entry('payment_confirmed', allocationId, blockNumber, postings, { intent_id: intentId });
    return { intentId, attemptId, transferId, allocationId };
  }
}

function kindOf(code: string): string {
  const [side = ''] = code.split(':');
  return { assets: 'asset', liabilities: 'liability', expenses: 'expense' }[side] ?? side;
}
