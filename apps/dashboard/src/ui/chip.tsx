import type { ReactNode } from 'react';
import classes from './chip.module.css';
import { Icon, type IconName } from './icon.js';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'neutral';

export interface ChipProps {
  tone: Tone;
  icon?: IconName;
  /** Full colour instead of tint: for what cannot be undone. */
  isFilled?: boolean;
  isSmall?: boolean;
  title?: string;
  children: ReactNode;
}

/** A word with a shape; its colour only helps. */
export function Chip({ tone, icon, isFilled = false, isSmall = false, title, children }: ChipProps) {
  return (
    <span
      className={classes.chip}
      data-tone={tone}
      data-filled={isFilled || undefined}
      data-small={isSmall || undefined}
      title={title}
    >
      {icon ? <Icon name={icon} size={isSmall ? 12 : 14} /> : null}
      {children}
    </span>
  );
}
