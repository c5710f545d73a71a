type Json = Readonly<Record<string, unknown>>;

const id = (prefix: string) => `${prefix}_${'a2'.repeat(13)}`;

/** A payment intent as `/v1` shows it once it is final. */
export function buildPaymentIntent(changes: Json = {}): Json {
  return {
    id: id('pi'),
    invoiceId: `inv_${'a'.repeat(80)}`,
    invoiceNumber: 'INV-2026-000123',
    mode: 'test',
    status: 'final',
    failureReason: null,
    amount: '0.01',
    amountAtomic: '10000',
    asset: 'USDC',
    network: 'eip155:84532',
    endpointId: id('ep'),
    payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    txHash: `0x${'fb'.repeat(32)}`,
    amountRefunded: '0',
    discrepancies: [],
    metadata: { order: 'A-1' },
    createdAt: '2026-11-20T12:00:00.000Z',
    confirmedAt: '2026-11-20T12:00:04Z',
    finalAt: '2026-11-20T12:15:00Z',
    ...changes,
  };
}

/** The same with everything that happened around it. */
export function buildPaymentDetail(changes: Json = {}): Json {
  return {
    ...buildPaymentIntent(),
    timeline: [
      { at: '2026-11-20T12:00:00.000Z', type: 'attempt.claimed', title: 'A signed payment arrived' },
      {
        at: '2026-11-20T12:00:04Z',
        type: 'payment_intent.confirmed',
        title: 'Confirmed in block 100',
        status: 'confirmed',
        evidence: { blockNumber: 100 },
      },
    ],
    attempts: [
      {
        id: id('att'),
        status: 'final',
        reason: null,
        rawReason: null,
        comparison: [],
        nextStep: null,
        facilitatorId: null,
        payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
        nonce: `0x${'34'.repeat(32)}`,
        x402Version: 2,
        clientFamily: 'node',
        txHash: `0x${'fb'.repeat(32)}`,
        createdAt: '2026-11-20T12:00:00.000Z',
        sentAt: '2026-11-20T12:00:00.120Z',
        servedAt: null,
      },
    ],
    transfers: [buildTransfer()],
    ledgerEntries: [
      {
        entrySeq: 1,
        kind: 'payment_confirmed',
        localDay: '2026-11-20',
        blockNumber: 100,
        postings: [
          { debit: 'assets:wallet:x', credit: 'pending:none', amount: '0.01', amountAtomic: '10000', asset: 'USDC' },
        ],
      },
    ],
    refunds: [],
    refundable: '0.01',
    deliveries: [
      {
        id: id('dlv'),
        eventId: id('evt'),
        eventType: 'payment_intent.confirmed',
        paymentId: null,
        createdAt: '2026-11-20T10:00:00.000Z',
        webhookEndpointId: id('whe'),
        status: 'delivered',
        tries: 1,
        lastHttpStatus: 200,
        nextAttemptAt: null,
        doneAt: '2026-11-20T12:00:05Z',
      },
    ],
    ...changes,
  };
}

/** A transfer as `/v1` shows it. */
export function buildTransfer(changes: Json = {}): Json {
  return {
    id: id('tr'),
    network: 'eip155:84532',
    txHash: `0x${'fb'.repeat(32)}`,
    blockNumber: 100,
    blockHash: `0x${'01'.repeat(32)}`,
    blockTime: '2026-11-20T12:00:02Z',
    from: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    to: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    amount: '0.01',
    amountAtomic: '10000',
    stage: 'final',
    ...changes,
  };
}

/** An open discrepancy as `/v1` shows it. */
export function buildDiscrepancy(changes: Json = {}): Json {
  return {
    id: id('dis'),
    kind: 'unmatched',
    intentId: null,
    transferId: id('tr'),
    amount: '5',
    amountAtomic: '5000000',
    asset: 'USDC',
    openedAt: '2026-11-20T12:00:02Z',
    closedAt: null,
    resolution: null,
    note: null,
    assignee: null,
    resolutionsByHand: [],
    ...changes,
  };
}

/** A row of the books proof that adds up. */
export function buildBooksProofRow(changes: Json = {}): Json {
  return {
    network: 'eip155:84532',
    wallet: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    block: 100,
    opening: '0',
    in: '10000',
    out: '0',
    closing: '10000',
    onChain: '10000',
    difference: '0',
    ...changes,
  };
}
