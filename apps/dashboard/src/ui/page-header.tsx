import { type ReactNode, useContext, useEffect } from 'react';
import classes from './page-header.module.css';
import { TitleContext } from './title-context.js';

export interface PageHeaderProps {
  title: string;
  /** The question this page answers, in one sentence. */
  lead?: ReactNode;
  above?: ReactNode;
  beside?: ReactNode;
  actions?: ReactNode;
}

/** The page's one `h1`, with its actions; names the browser's tab as well. */
export function PageHeader({ title, lead, above, beside, actions }: PageHeaderProps) {
  const suffix = useContext(TitleContext);
  useEffect(() => {
    document.title = `${title} · ${suffix}`;
  }, [title, suffix]);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {above ? <div className={classes.above}>{above}</div> : null}
        <div className={classes.line}>
          <h1 className={classes.title}>{title}</h1>
          {beside}
        </div>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </header>
  );
}
