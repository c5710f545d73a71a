import { PageHeader } from '../../ui/page-header.js';
import { KeysCard } from './keys-card.js';
import classes from './settings-page.module.css';
import { WalletsCard } from './wallets-card.js';

/** Where money arrives, and which programs may ask. */
export function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" lead="Where money arrives, and which programs may use the merchant API." />
      <div className={classes.cards}>
        <WalletsCard />
        <KeysCard />
      </div>
    </>
  );
}
