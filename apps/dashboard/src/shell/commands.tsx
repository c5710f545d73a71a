import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { rangeDefault } from '../range.js';
import { keyReader } from './key-commands.js';
import { rangeKeys } from './range-keys.js';
import { areSingleKeysOn } from './single-keys.js';
import { useNavItems } from './use-nav.js';
import { usePageHasRange } from './use-page-has-range.js';

/** Their code is loaded when they are asked for first. */
const Palette = lazy(() => import('./palette.js').then(({ Palette }) => ({ default: Palette })));
const KeyList = lazy(() => import('./key-list.js').then(({ KeyList }) => ({ default: KeyList })));

export type CommandLayer = 'palette' | 'list' | null;

export interface CommandsProps {
  layer: CommandLayer;
  onLayer: (layer: CommandLayer) => void;
  onToggleRail: () => void;
}

/** What keys do on every page, and the two layers that they open. */
export function Commands({ layer, onLayer, onToggleRail }: CommandsProps) {
  const navigate = useNavigate();
  const hasRange = usePageHasRange();
  const navItems = useNavItems();
  const [read] = useState(() =>
    keyReader({
      pageKeys: navItems.map(({ letter }) => letter),
      rangeKeys: rangeKeys.map(({ letter }) => letter),
      areSingleKeysOn,
    }),
  );
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat) return;
    const command = read({ ...keyOf(event), isTaken: isTaken(event) }, event.timeStamp);
    if (command === null) return;
    if (command.kind === 'range' && !hasRange) return;
    event.preventDefault();
    switch (command.kind) {
      case 'palette':
      case 'list':
        onLayer(command.kind);
        return;
      case 'rail':
        onToggleRail();
        return;
      case 'row':
        moveInList(command.by);
        return;
      case 'filter':
        focusFilter();
        return;
      case 'page': {
        const item = navItems.find(({ letter }) => letter === command.key);
        if (item) void navigate({ to: item.to });
        return;
      }
      case 'range': {
        const range = rangeKeys.find(({ letter }) => letter === command.key)?.range;
        void navigate({
          to: '.',
          replace: true,
          search: (before: object) => ({
            ...before,
            from: undefined,
            to: undefined,
            range: range === rangeDefault ? undefined : range,
          }),
        });
        return;
      }
    }
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  const close = () => onLayer(null);
  const [hasPalette, setHasPalette] = useState(false);
  if (layer === 'palette' && !hasPalette) setHasPalette(true);
  return (
    <Suspense fallback={null}>
      {hasPalette ? <Palette isOpen={layer === 'palette'} onClose={close} /> : null}
      {layer === 'list' ? <KeyList onClose={close} /> : null}
    </Suspense>
  );
}

function keyOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey };
}

/** Letters are text in a field, and an open layer has keys of its own. */
function isTaken({ target }: KeyboardEvent): boolean {
  const isField = target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
  return isField || document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

/** To the next or the last row of the page's first list, by the link that each row begins with. */
function moveInList(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main tbody th a, main ul[aria-label] > li > a')];
  const at = links.findIndex((link) => link.closest('tr, li')?.contains(document.activeElement));
  const next = at === -1 ? 0 : at + by;
  links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
}

/** The page's own filter where it has one, else the search above every page. */
function focusFilter(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  (field ?? document.querySelector<HTMLInputElement>('header input[type="search"]'))?.focus();
}
