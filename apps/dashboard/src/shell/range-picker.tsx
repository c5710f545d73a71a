import { Button, Menu, TextInput } from '@mantine/core';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { dayRangeOf, type RangeSearch, rangeDefault, rangeNames, ranges } from '../range.js';
import { formatDay } from '../ui/format-time.js';
import { Icon } from '../ui/icon.js';
import { useZone } from '../ui/zone-context.js';
import { navGroups } from './nav-items.js';
import classes from './range-picker.module.css';

const pagesWithRange = navGroups.flatMap(({ items }) => items.filter(({ hasRange }) => hasRange).map(({ to }) => to));

/** The days a page speaks of. It stands in the address, so a shared link shows the same. */
export function RangePicker() {
  const { pathname } = useLocation();
  if (!pagesWithRange.some((to) => to === pathname)) return null;
  return <Picker />;
}

function Picker() {
  const search: RangeSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const zone = useZone();
  const days = dayRangeOf(search, new Date(), zone);
  const [from, setFrom] = useState(days.from);
  const [to, setTo] = useState(days.to);
  const isOwn = search.from !== undefined && search.to !== undefined;
  const name = isOwn ? `${formatDay(days.from)} – ${formatDay(days.to)}` : rangeNames[search.range ?? rangeDefault];
  const go = (next: { range?: (typeof ranges)[number] | undefined; from?: string; to?: string }) =>
    void navigate({
      to: '.',
      replace: true,
      search: (previous: object) => ({ ...previous, range: undefined, from: undefined, to: undefined, ...next }),
    });
  return (
    <Menu position="bottom-end" width={240} transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="calendar" />} className={classes.button ?? ''}>
          <span className={classes.name}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ranges.map((range) => (
          <Menu.Item key={range} onClick={() => go({ range: range === rangeDefault ? undefined : range })}>
            {rangeNames[range]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <form
          className={classes.own}
          onSubmit={(event) => {
            event.preventDefault();
            go({ from, to });
          }}
        >
          <TextInput
            label="From"
            type="date"
            size="xs"
            value={from}
            max={to}
            onChange={(e) => setFrom(e.currentTarget.value)}
          />
          <TextInput
            label="To"
            type="date"
            size="xs"
            value={to}
            min={from}
            onChange={(e) => setTo(e.currentTarget.value)}
          />
          <Button type="submit" size="xs" variant="default">
            Show days
          </Button>
        </form>
        <p className={classes.zone}>Days of {zone}</p>
      </Menu.Dropdown>
    </Menu>
  );
}
