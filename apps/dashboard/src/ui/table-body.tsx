import type { RowData, Row as TableRow } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './data-table.module.css';
import type { DataColumn, DataTableProps, TableFeatureSet } from './list-parts.js';

const rowHeightPx = 40;
/** Above this the rows outside the window are left out of the page. */
const virtualFrom = 60;
const overscanRows = 12;
const nextPageAt = 0.7;

export interface TableBodyProps<Row extends RowData> extends DataTableProps<Row> {
  tableRows: readonly TableRow<TableFeatureSet, Row>[];
  byId: ReadonlyMap<string, DataColumn<Row>>;
}

/** The rows of a table; asks for the next page when the reader is 70% down. */
export function TableBody<Row extends RowData>(props: TableBodyProps<Row>) {
  const { tableRows, hasMore = false, isLoadingMore = false, onNearEnd } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const isVirtual = tableRows.length > virtualFrom;
  const virtualizer = useWindowVirtualizer({
    count: tableRows.length,
    estimateSize: () => rowHeightPx,
    overscan: overscanRows,
    scrollMargin: top,
    enabled: isVirtual,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = isVirtual ? (items.at(-1)?.index ?? 0) : tableRows.length;
  useEffect(() => {
    if (isVirtual && hasMore && !isLoadingMore && lastSeen >= tableRows.length * nextPageAt) onNearEnd?.();
  }, [isVirtual, hasMore, isLoadingMore, lastSeen, tableRows.length, onNearEnd]);

  const shown = isVirtual ? tableRows.slice(items[0]?.index ?? 0, lastSeen + 1) : tableRows;
  const first = isVirtual ? (items[0]?.index ?? 0) : 0;
  const after = isVirtual ? (tableRows.length - 1 - lastSeen) * rowHeightPx : 0;
  return (
    <tbody ref={body}>
      {first > 0 ? <Spacer heightPx={first * rowHeightPx} /> : null}
      {shown.map((row, index) => (
        <BodyRow key={row.id} {...props} row={row} rowIndex={first + index + 2} />
      ))}
      {after > 0 ? <Spacer heightPx={after} /> : null}
    </tbody>
  );
}

function Spacer({ heightPx }: { heightPx: number }) {
  return (
    <tr>
      <td style={{ height: heightPx, padding: 0, border: 0 }} />
    </tr>
  );
}

interface BodyRowProps<Row extends RowData> extends TableBodyProps<Row> {
  row: TableRow<TableFeatureSet, Row>;
  rowIndex: number;
}

function BodyRow<Row extends RowData>({ row, rowIndex, byId, ...props }: BodyRowProps<Row>) {
  const { onOpen, onFocusRow, isNew, isCurrent } = props;
  return (
    // The row's own link serves the keyboard; a click anywhere on the row is a larger target for the same thing.
    <tr
      aria-rowindex={rowIndex}
      className={onOpen ? classes.opening : undefined}
      data-new={isNew?.(row.original) || undefined}
      data-current={isCurrent?.(row.original) || undefined}
      onFocus={() => onFocusRow?.(row.original)}
      onKeyDown={(event) => {
        const isOwnLink = event.target instanceof Element && event.target.closest('th a') !== null;
        if (event.key !== ' ' || !isOwnLink || onOpen === undefined) return;
        event.preventDefault();
        onOpen(row.original);
      }}
      onClick={(event) => {
        const isOwnControl =
          event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
        if (!isOwnControl && window.getSelection()?.type !== 'Range') onOpen?.(row.original);
      }}
    >
      {row.getVisibleCells().map((cell) => {
        const column = byId.get(cell.column.id);
        const Tag = column?.isRowHeader ? 'th' : 'td';
        return (
          <Tag
            key={cell.id}
            className={classes.cell}
            data-align={column?.align}
            {...(column?.isRowHeader ? { scope: 'row' } : {})}
          >
            {column?.cell(row.original)}
          </Tag>
        );
      })}
    </tr>
  );
}
