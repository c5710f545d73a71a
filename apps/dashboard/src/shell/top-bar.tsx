import { AccountMenu } from './account-menu.js';
import { LiveIndicator } from './live-indicator.js';
import { ModeSwitch } from './mode-switch.js';
import { RangePicker } from './range-picker.js';
import { SearchBox } from './search-box.js';
import classes from './top-bar.module.css';

/** Search, range, stream, mode, person. */
export function TopBar({ onPalette }: { onPalette: () => void }) {
  return (
    <header className={classes.bar}>
      <SearchBox onPalette={onPalette} />
      <div className={classes.end}>
        <RangePicker />
        <LiveIndicator />
        <ModeSwitch />
        <AccountMenu />
      </div>
    </header>
  );
}
