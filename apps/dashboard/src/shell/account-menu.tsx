import { ActionIcon, Button, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useBook } from '../api/book-context.js';
import { signOut } from '../api/session.js';
import { Icon } from '../ui/icon.js';
import classes from './account-menu.module.css';

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu() {
  return (
    <div className={classes.holder}>
      <Menu position="bottom-end" width={280} transitionProps={{ duration: 80 }}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label="Account and theme">
            <Icon name="user" size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <AccountActions />
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** The same in a menu and in the sheet of a phone. */
export function AccountActions() {
  const { session, book } = useBook();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => location.assign('/sign-in') });
  return (
    <div className={classes.actions}>
      <div>
        <p className={classes.name}>{session.user.name || session.user.email}</p>
        <p className={classes.detail}>
          {session.user.email} · {book.name}
        </p>
      </div>
      <SegmentedControl
        fullWidth
        aria-label="Theme"
        value={colorScheme}
        onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
        data={[
          { value: 'auto', label: 'System' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <Button variant="default" fullWidth loading={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </div>
  );
}
