import { type ReactNode, useState } from 'react';
import classes from './disclosure.module.css';
import { Icon } from './icon.js';

export interface DisclosureProps {
  label: string;
  /** Stands before the button, on its line. */
  lead?: ReactNode;
  children: ReactNode;
}

/** More, for whoever wants it. */
export function Disclosure({ label, lead, children }: DisclosureProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div>
      {lead}
      <button type="button" className={classes.button} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name="chevron" size={14} />
        {label}
      </button>
      {isOpen ? <div className={classes.body}>{children}</div> : null}
    </div>
  );
}
