import { Button } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './card-list.module.css';
import type { DataTableProps } from './list-parts.js';

const cardHeightPx = 68;
const virtualFrom = 40;

/** The rows of a table on a phone: two lines each, the whole card a target. */
export function CardList<Row>({ label, rows, rowId, card, onOpen, ...paging }: DataTableProps<Row>) {
  const { hasMore = false, isLoadingMore = false, onNearEnd } = paging;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const isVirtual = rows.length > virtualFrom;
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => cardHeightPx,
    overscan: 8,
    scrollMargin: top,
    enabled: isVirtual,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (isVirtual && hasMore && !isLoadingMore && lastSeen >= rows.length * 0.7) onNearEnd?.();
  }, [isVirtual, hasMore, isLoadingMore, lastSeen, rows.length, onNearEnd]);
  const entries = isVirtual
    ? items.map((item) => ({ index: item.index, style: styleAt(item.start - top) }))
    : rows.map((_, index) => ({ index, style: undefined }));
  return (
    <>
      <ul
        ref={list}
        className={classes.list}
        aria-label={label}
        style={isVirtual ? { height: virtualizer.getTotalSize() } : undefined}
      >
        {entries.map(({ index, style }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the card's own link serves the keyboard
            <li
              key={rowId(row)}
              className={classes.card}
              style={style}
              aria-setsize={hasMore ? -1 : rows.length}
              aria-posinset={index + 1}
              onClick={(event) => {
                const isOwnControl = event.target instanceof Element && event.target.closest('a, button, input');
                if (!isOwnControl) onOpen?.(row);
              }}
            >
              {card(row)}
            </li>
          );
        })}
      </ul>
      {hasMore && !isVirtual ? (
        <div className={classes.more}>
          <Button variant="default" loading={isLoadingMore} onClick={() => onNearEnd?.()}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}

function styleAt(startPx: number) {
  return { position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${startPx}px)` } as const;
}
