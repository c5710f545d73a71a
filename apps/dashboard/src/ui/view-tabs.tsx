import classes from './view-tabs.module.css';

export interface ViewTab {
  name: string;
  isCurrent: boolean;
  onSelect: () => void;
}

export interface ViewTabsProps {
  label: string;
  tabs: readonly ViewTab[];
}

/** Ready-made filters in a row that scrolls on a phone. */
export function ViewTabs({ label, tabs }: ViewTabsProps) {
  return (
    <fieldset className={classes.tabs} aria-label={label}>
      {tabs.map(({ name, isCurrent, onSelect }) => (
        <button key={name} type="button" className={classes.tab} aria-pressed={isCurrent} onClick={onSelect}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
