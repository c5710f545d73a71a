import classes from './logo.module.css';

export interface LogoProps {
  withoutWord?: boolean;
}

/** The mark, and the name beside it. */
export function Logo({ withoutWord = false }: LogoProps) {
  return (
    <span className={classes.logo}>
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="7" fill="var(--tb-accent)" />
        <path
          d="M8 10.5h16M16 10.5V24M11 17.5h10"
          stroke="var(--tb-on-accent)"
          strokeWidth="2.8"
          strokeLinecap="round"
          fill="none"
        />
      </svg>
      {withoutWord ? <span className="tb-visually-hidden">Tollbook</span> : 'Tollbook'}
    </span>
  );
}
