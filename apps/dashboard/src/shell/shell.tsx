import { useIsFetching } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useBook } from '../api/book-context.js';
import { BottomBar } from './bottom-bar.js';
import { type CommandLayer, Commands } from './commands.js';
import { Rail } from './rail.js';
import classes from './shell.module.css';
import { TopBar } from './top-bar.js';

const railKey = 'tollbook-rail';

/** What stands around every page: skip link, rail, top bar, bottom bar. */
export function Shell() {
  const { book } = useBook();
  const [isNarrow, setIsNarrow] = useState(() => localStorage.getItem(railKey) === 'narrow');
  const [layer, setLayer] = useState<CommandLayer>(null);
  useFocusOnNewPage();
  const toggleRail = () => {
    localStorage.setItem(railKey, isNarrow ? 'wide' : 'narrow');
    setIsNarrow(!isNarrow);
  };
  return (
    <div className={classes.shell} data-mode={book.mode} data-rail={isNarrow ? 'narrow' : 'wide'}>
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      {book.mode === 'test' ? <div className={classes.stripes} aria-hidden="true" /> : null}
      <Rail isNarrow={isNarrow} onToggle={toggleRail} />
      <div className={classes.column}>
        <TopBar onPalette={() => setLayer('palette')} />
        <FetchBar />
        <main id="main" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Commands layer={layer} onLayer={setLayer} onToggleRail={toggleRail} />
    </div>
  );
}

/** A thin bar while something is asked again; what is on the page stays as it is. */
function FetchBar() {
  const isBusy = useIsFetching({ predicate: ({ state }) => state.data !== undefined }) > 0;
  return <div className={classes.fetching} data-busy={isBusy || undefined} aria-hidden="true" />;
}

/** A new page takes the focus, so that a screen reader begins there and not in the rail. */
function useFocusOnNewPage(): void {
  const { pathname } = useLocation();
  const seen = useRef(pathname);
  useEffect(() => {
    if (seen.current === pathname) return;
    seen.current = pathname;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [pathname]);
}
