import classes from './split-bar.module.css';

export interface SplitPart {
  name: string;
  tone: 'final' | 'confirmed' | 'unknown';
  /** 0 to 1 of the whole. */
  share: number;
  text: string;
}

export interface SplitBarProps {
  parts: readonly SplitPart[];
}

/** How much of a total is final, confirmed, or in doubt. The words say it too. */
export function SplitBar({ parts }: SplitBarProps) {
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        {parts.map(({ name, tone, share }) =>
          share > 0 ? (
            <span key={name} className={classes.part} data-tone={tone} style={{ flexGrow: Math.max(share, 0.01) }} />
          ) : null,
        )}
      </div>
      <ul className={classes.legend}>
        {parts.map(({ name, tone, text }) => (
          <li key={name} className={classes.item}>
            <span className={classes.dot} data-tone={tone} aria-hidden="true" />
            <span className="tb-num">{text}</span> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
