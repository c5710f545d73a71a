import { type ReactNode, useState } from 'react';
import classes from './disclosure.module.css';
import { Icon } from './icon.js';

/** More, for whoever wants it. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div>
      <button type="button" className={classes.button} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name="chevron" size={14} />
        {label}
      </button>
      {isOpen ? <div className={classes.body}>{children}</div> : null}
    </div>
  );
}
