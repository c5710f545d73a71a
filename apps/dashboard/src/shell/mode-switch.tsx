import { useBook } from '../api/book-context.js';
import type { Mode } from '../mode-of-path.js';
import classes from './mode-switch.module.css';

const modes: readonly Mode[] = ['test', 'live'];

/** Test or live: two applications, so this leads out of one and into the other. */
export function ModeSwitch() {
  const { session, book } = useBook();
  return (
    <fieldset className={classes.switch} aria-label="Mode">
      {modes.map((mode) => {
        const name = mode === 'test' ? 'Test' : 'Live';
        const isHere = mode === book.mode;
        const hasBook = session.books.some((each) => each.mode === mode);
        if (!isHere && !hasBook) {
          return (
            <span key={mode} className={classes.option} title={`There is no ${mode} book yet`} data-missing>
              {name}
              <span className="tb-visually-hidden"> (no book yet)</span>
            </span>
          );
        }
        return (
          <a
            key={mode}
            href={`/${mode}`}
            className={classes.option}
            aria-current={isHere ? 'true' : undefined}
            data-mode={mode}
          >
            {name}
          </a>
        );
      })}
    </fieldset>
  );
}
