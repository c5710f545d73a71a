import { CopyButton } from './copy-button.js';
import { Icon } from './icon.js';
import { shortenHash } from './shorten-hash.js';

export interface HashTextProps {
  value: string | null;
  /** What it is, such as `payer address`: for the copy button's name. */
  what: string;
  /** Where to follow it, when an explorer is known for its network. */
  href?: string | null;
  isWhole?: boolean;
  withoutCopy?: boolean;
}

/** An address, hash or id: shortened to the eye, whole in the accessible name, copied and followed in one step. */
export function HashText({ value, what, href = null, isWhole = false, withoutCopy = false }: HashTextProps) {
  if (value === null) return <span className="tb-muted">—</span>;
  const shown = (
    <>
      <span className="tb-mono" title={value} aria-hidden={!isWhole}>
        {isWhole ? value : shortenHash(value)}
      </span>
      {isWhole ? null : <span className="tb-visually-hidden">{value}</span>}
    </>
  );
  return (
    <span style={{ whiteSpace: isWhole ? 'normal' : 'nowrap' }}>
      {href === null ? (
        shown
      ) : (
        <a href={href} target="_blank" rel="noreferrer">
          {shown} <Icon name="external" size={12} />
          <span className="tb-visually-hidden"> (opens the explorer)</span>
        </a>
      )}
      {withoutCopy ? null : <CopyButton text={value} what={what} />}
    </span>
  );
}
