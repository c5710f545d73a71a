import { useMediaQuery } from '@mantine/hooks';
import { type ColumnDef, type RowData, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import { CardList } from './card-list.js';
import classes from './data-table.module.css';
import { type DataColumn, type DataTableProps, listFeatures, type TableFeatureSet } from './list-parts.js';
import { TableBody } from './table-body.js';

/** A real table, virtual when it is long, and a list of cards on a phone. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  return isPhone ? <CardList {...props} /> : <WideTable {...props} />;
}

function WideTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowId, rowCount, hasMore = false } = props;
  const isNarrowWindow = useMediaQuery('(max-width: 79.99em)', undefined, { getInitialValueInEffect: false });
  const isNarrow = isNarrowWindow || props.isNarrow === true;
  const columnDefs = useMemo(() => columns.map(toColumnDef), [columns]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map(({ id, isWideOnly }) => [id, !(isNarrow && isWideOnly)])),
    [columns, isNarrow],
  );
  const table = useTable<TableFeatureSet, Row>({
    features: listFeatures,
    columns: columnDefs,
    data: rows,
    getRowId: rowId,
    state: { columnVisibility },
  });
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={label} aria-rowcount={hasMore ? -1 : (rowCount ?? rows.length) + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                return (
                  <th
                    key={header.id}
                    scope="col"
                    className={classes.head}
                    data-align={column?.align}
                    style={column?.width ? { width: column.width } : undefined}
                  >
                    <table.FlexRender header={header} />
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <TableBody {...props} tableRows={table.getRowModel().rows} byId={byId} />
      </table>
    </div>
  );
}

function toColumnDef<Row extends RowData>(column: DataColumn<Row>): ColumnDef<TableFeatureSet, Row> {
  return { id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) };
}
