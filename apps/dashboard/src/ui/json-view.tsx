import { CopyButton } from './copy-button.js';
import classes from './json-view.module.css';

export interface JsonViewProps {
  value: unknown;
  what: string;
  /** Lines that changed are marked, by their whole text. */
  changedFrom?: unknown;
}

/** Raw data, to read and to copy. */
export function JsonView({ value, what, changedFrom }: JsonViewProps) {
  const text = textOf(value);
  const before = changedFrom === undefined ? null : new Set(textOf(changedFrom).split('\n'));
  return (
    <div className={classes.box}>
      <div className={classes.copy}>
        <CopyButton text={text} what={what} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard */}
      <section className={classes.text} tabIndex={0} aria-label={what}>
        {before === null
          ? text
          : text.split('\n').map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
              <span key={index} className={before.has(line) ? classes.line : classes.changed}>
                {`${line}\n`}
              </span>
            ))}
      </section>
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
