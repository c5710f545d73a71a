import classes from './filter-chips.module.css';
import { Icon } from './icon.js';

export interface FilterChip {
  name: string;
  value: string;
  onRemove: () => void;
}

export interface FilterChipsProps {
  chips: readonly FilterChip[];
  onClear?: (() => void) | undefined;
}

/** What narrows a list, each with its way out. */
export function FilterChips({ chips, onClear }: FilterChipsProps) {
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Active filters">
      {chips.map(({ name, value, onRemove }) => (
        <li key={`${name}:${value}`}>
          <button
            type="button"
            className={classes.chip}
            onClick={onRemove}
            aria-label={`Remove filter ${name}: ${value}`}
          >
            <span className="tb-muted">{name}</span> {value} <Icon name="cross" size={12} />
          </button>
        </li>
      ))}
      {onClear ? (
        <li>
          <button type="button" className={classes.clear} onClick={onClear}>
            Clear all
          </button>
        </li>
      ) : null}
    </ul>
  );
}
