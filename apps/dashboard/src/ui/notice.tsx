import type { ReactNode } from 'react';
import type { Tone } from './chip.js';
import { Icon, type IconName } from './icon.js';
import classes from './notice.module.css';

const icons: Readonly<Record<Tone, IconName>> = {
  ok: 'check',
  warn: 'failures',
  bad: 'cross',
  info: 'unmatched',
  neutral: 'unmatched',
};

export interface NoticeProps {
  tone: Tone;
  children: ReactNode;
  action?: ReactNode;
}

/** A sentence that matters, with a shape beside it. */
export function Notice({ tone, children, action }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone}>
      <span className={classes.icon}>
        <Icon name={icons[tone]} />
      </span>
      <div className={classes.words}>{children}</div>
      {action}
    </div>
  );
}
