import { Modal, Switch } from '@mantine/core';
import { useState } from 'react';
import { rangeNames } from '../range.js';
import classes from './key-list.module.css';
import { rangeKeys } from './range-keys.js';
import { areSingleKeysOn, setSingleKeys } from './single-keys.js';
import { useNavItems } from './use-nav.js';

const groups: readonly { name: string; keys: readonly { keys: readonly string[]; what: string }[] }[] = [
  {
    name: 'Everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], what: 'Go to a page, or find something' },
      { keys: ['/'], what: 'To the filter or the search' },
      { keys: ['['], what: 'Narrow or widen the rail' },
      { keys: ['?'], what: 'This list' },
      { keys: ['Esc'], what: 'Close what is on top' },
    ],
  },
  {
    name: 'Lists',
    keys: [
      { keys: ['J'], what: 'Next row' },
      { keys: ['K'], what: 'Row before' },
      { keys: ['Space'], what: 'Look at it beside the list' },
      { keys: ['Enter'], what: 'Open it' },
    ],
  },
  {
    name: 'Ranges, where a page has one',
    keys: rangeKeys.map(({ letter, range }) => ({ keys: [letter.toUpperCase()], what: rangeNames[range] })),
  },
];

/** Every key that does something, and the way to turn off those that are single letters. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const [isOn, setIsOn] = useState(areSingleKeysOn);
  const pages = useNavItems().map(({ letter, name }) => ({ keys: ['G', letter.toUpperCase()], what: name }));
  return (
    <Modal opened onClose={onClose} title="Keyboard" size="lg">
      <div className={classes.groups}>
        {[...groups, { name: 'Pages', keys: pages }].map(({ name, keys }) => (
          <section key={name} aria-label={name}>
            <h3 className={classes.head}>{name}</h3>
            <dl className={classes.list}>
              {keys.map(({ keys: pressed, what }) => (
                <div key={what} className={classes.line}>
                  <dt>
                    {pressed.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        className={classes.switch ?? ''}
        label="Single keys"
        description="Ctrl K works in any case; on a Mac it is Command K"
        checked={isOn}
        onChange={({ currentTarget }) => {
          setSingleKeys(currentTarget.checked);
          setIsOn(currentTarget.checked);
        }}
      />
    </Modal>
  );
}
