import { Button, Menu, TextInput } from '@mantine/core';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { comparisonSchema } from '@tollbook/contract';
import { useState } from 'react';
import {
  comparisonDefault,
  comparisonNames,
  dayRangeOf,
  type RangeSearch,
  rangeDefault,
  rangeNames,
  rangeShorts,
  ranges,
} from '../range.js';
import { formatDay } from '../ui/format-time.js';
import { Icon } from '../ui/icon.js';
import { useZone } from '../ui/zone-context.js';
import classes from './range-picker.module.css';
import { usePageHasRange } from './use-page-has-range.js';

/** The days a page speaks of. It stands in the address, so a shared link shows the same. */
export function RangePicker() {
  return usePageHasRange() ? <Picker /> : null;
}

function Picker() {
  const search: RangeSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const zone = useZone();
  const days = dayRangeOf(search, new Date(), zone);
  const [from, setFrom] = useState(days.from);
  const [to, setTo] = useState(days.to);
  const { pathname } = useLocation();
  const cmp = search.cmp ?? comparisonDefault;
  const compare = (next: typeof cmp) =>
    void navigate({
      to: '.',
      replace: true,
      search: (previous: object) => ({ ...previous, cmp: next === comparisonDefault ? undefined : next }),
    });
  const isOwn = search.from !== undefined && search.to !== undefined;
  const current = isOwn ? null : (search.range ?? rangeDefault);
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
          <span className={classes.short} aria-hidden="true">
            {current === null ? 'Days' : rangeShorts[current]}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ranges.map((range) => (
          <Menu.Item
            key={range}
            aria-current={range === current || undefined}
            rightSection={range === current ? <Icon name="check" /> : null}
            onClick={() => go({ range: range === rangeDefault ? undefined : range })}
          >
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
        {pathname === '/' ? (
          <>
            <Menu.Divider />
            <Menu.Label>Compare with</Menu.Label>
            <Menu.RadioGroup value={cmp} onChange={(next) => compare(comparisonSchema.parse(next))}>
              {comparisonSchema.options.map((each) => (
                <Menu.RadioItem key={each} value={each}>
                  {comparisonNames[each]}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </>
        ) : null}
        <p className={classes.zone}>Days of {zone}</p>
      </Menu.Dropdown>
    </Menu>
  );
}
