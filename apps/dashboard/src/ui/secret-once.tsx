import { Button } from '@mantine/core';
import { CopyButton } from './copy-button.js';
import { Notice } from './notice.js';
import classes from './secret-once.module.css';

export interface SecretOnceProps {
  secret: string;
  /** What it is: `key`, `signing secret`. */
  what: string;
  onDone: () => void;
}

/** A secret that nobody can show again. */
export function SecretOnce({ secret, what, onDone }: SecretOnceProps) {
  return (
    <div className={classes.box}>
      <Notice tone="warn">Copy the {what} now. It is shown this once and cannot be read back.</Notice>
      <p className={classes.text}>
        <span className="tb-mono" data-testid="secret">
          {secret}
        </span>
      </p>
      <div className={classes.buttons}>
        <CopyButton text={secret} what={what} isLabelled />
        <Button onClick={onDone}>I have stored it</Button>
      </div>
    </div>
  );
}
