/** Strokes on a 24 grid. An icon never speaks alone: the word stands beside it, or in the control's label. */
const paths = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM14 4v3h6V4zM4 17v3h6v-3z',
  payments: 'M3 7h14M13 3l4 4-4 4M21 17H7M11 13l-4 4 4 4',
  failures: 'M12 8v5M12 16.5v.01M12 3l9.5 17h-19z',
  unmatched: 'M9.5 9a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.3 1-1.3 1.9M12 16.5v.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18',
  reports: 'M6 3h9l4 4v14H6zM14 3v5h5M9.5 13h6M9.5 16.5h6',
  endpoints: 'M4 6h16M4 12h16M4 18h10M18 16v4M16 18h4',
  limits: 'M5 18a8.5 8.5 0 1 1 14 0M12 14l4-4.5M12 14.2v.01',
  webhooks: 'M4 5h16v11H9l-5 4zM9 10.5h6',
  health: 'M3 12h4l2.5-6 4.5 12 2.5-6H21',
  audit: 'M5 4h14v16H5zM9 9h6M9 13h6M9 17h3',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14M16 16l4.5 4.5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  doubleCheck: 'M2.5 12.5L7 17l8-9.5M11.5 16l1 1 8.5-9.5',
  cross: 'M6 6l12 12M18 6L6 18',
  circle: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16',
  half: 'M12 4a8 8 0 1 1 0 16zM12 4a8 8 0 0 0 0 16',
  dots: 'M6 12h.01M12 12h.01M18 12h.01',
  question: 'M12 2.5l9.5 9.5-9.5 9.5L2.5 12zM10 10a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.1M12 15.8v.01',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 8v4.5l3 1.5',
  slash: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M6.5 17.5l11-11',
  back: 'M10 6l-6 6 6 6M4 12h16',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  download: 'M12 4v11M7 10.5l5 5 5-5M4 20h16',
  plus: 'M12 5v14M5 12h14',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  resend: 'M20 11a8 8 0 1 0-2.3 6M20 5v6h-6',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4.5 20c.8-3.5 3.7-5.5 7.5-5.5s6.7 2 7.5 5.5',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4',
  chevron: 'M7 10l5 5 5-5',
  collapse: 'M4 4h16v16H4zM9.5 4v16',
  key: 'M8 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8M11 13L20 4M17 7l2.5 2.5',
  play: 'M7 4.5l12 7.5-12 7.5z',
  wallet: 'M4 7h15v12H4zM4 7l11-3.5V7M15.5 13h.01',
} as const;

export type IconName = keyof typeof paths;

export interface IconProps {
  name: IconName;
  size?: number;
}

/** One drawing in the colour of its text, hidden from screen readers. */
export function Icon({ name, size = 16 }: IconProps) {
  const strokeWidth = name === 'more' || name === 'dots' ? 3 : 1.8;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} fill={name === 'half' ? 'currentColor' : 'none'} fillOpacity={0.35} />
    </svg>
  );
}
