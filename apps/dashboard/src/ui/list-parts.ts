import { columnVisibilityFeature, tableFeatures } from '@tanstack/react-table';
import type { ReactNode } from 'react';

/** What a list is made of: shared by the table, its body, and the cards that stand for it on a phone. */
export const listFeatures = tableFeatures({ columnVisibilityFeature });

export type TableFeatureSet = typeof listFeatures;

/** A column of a list. Its cell is drawn from the whole row. */
export interface DataColumn<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  align?: 'end';
  width?: string;
  /** Left out where the window is narrow. */
  isWideOnly?: boolean;
  /** Names the row to a screen reader. */
  isRowHeader?: boolean;
}

export interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  rowId: (row: Row) => string;
  /** Two lines for a phone. */
  card: (row: Row) => ReactNode;
  /** A click anywhere on the row, and Space on its link. */
  onOpen?: (row: Row) => void;
  onFocusRow?: (row: Row) => void;
  /** The row that stands open beside the list. */
  isCurrent?: (row: Row) => boolean;
  /** Leaves out what is for wide windows only, whatever this one is. */
  isNarrow?: boolean;
  /** Keyset pages: called when the reader nears the end. */
  onNearEnd?: () => void;
  hasMore?: boolean;
  isLoadingMore?: boolean;
  /** All rows that exist, where it is known; else what is loaded. */
  rowCount?: number;
  /** The newest rows are marked for a moment. */
  isNew?: (row: Row) => boolean;
}
