import { createBooksStore } from '@tollbook/db';
import { withDatabase } from '../open-database.js';
import type { Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

const shownMax = 20;

/** `tollbook reindex --rollups`: every sum made anew from the rows that it sums, and which of them had differed. */
export async function reindexRollups(terminal: Terminal): Promise<number> {
  return withDatabase('tollbook_worker', async ({ pool, catalog }) => {
    const startedAtMs = performance.now();
    const { differed, tables } = await createBooksStore({ pool, catalog }).rebuildRollups();
    const columns = [{ title: 'sums' }, { title: 'rows', isNumber: true }];
    const cells = tables.map(({ table, rows }) => [table, `${rows}`]);
    for (const line of textTable(columns, cells)) terminal.print(line);
    for (const { what, bookId, id } of differed.slice(0, shownMax)) terminal.print(`Book ${bookId}: ${what}: ${id}`);
    if (differed.length > shownMax) terminal.print(`... and ${differed.length - shownMax} more`);
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    const found = differed.length === 0 ? 'none had differed' : `${differed.length} had differed`;
    terminal.print(`All sums were made anew in ${seconds} s: ${found}.`);
    return 0;
  });
}
