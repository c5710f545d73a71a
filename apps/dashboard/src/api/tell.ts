import { notifications } from '@mantine/notifications';

/** Says that something was done, for a few seconds. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'accent', autoClose: 5_000 });
}
