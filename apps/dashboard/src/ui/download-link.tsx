import type { ReactNode } from 'react';
import classes from './download-link.module.css';
import { Icon } from './icon.js';

export interface DownloadLinkProps {
  href: string;
  children: ReactNode;
}

/** A file that the browser fetches by itself, streamed as it is made. */
export function DownloadLink({ href, children }: DownloadLinkProps) {
  return (
    <a className={classes.link} href={href} download>
      <Icon name="download" /> {children}
    </a>
  );
}
