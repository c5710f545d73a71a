import { useEffect, useState } from 'react';
import classes from './copy-button.module.css';
import { Icon } from './icon.js';

const shownMs = 1_600;

export interface CopyButtonProps {
  text: string;
  /** What is copied, such as `transaction hash`. */
  what: string;
  /** Shows the words too. */
  isLabelled?: boolean;
}

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({ text, what, isLabelled = false }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const words = state === 'copied' ? 'Copied' : state === 'failed' ? 'Not copied' : `Copy ${what}`;
  return (
    <button
      type="button"
      className={isLabelled ? classes.labelled : classes.button}
      aria-label={words}
      title={words}
      onClick={(event) => {
        event.stopPropagation();
        event.preventDefault();
        writeClipboard(text).then(
          () => setState('copied'),
          () => setState('failed'),
        );
      }}
    >
      <Icon name={state === 'copied' ? 'check' : 'copy'} size={14} />
      {isLabelled ? <span>{words}</span> : null}
      <span className="tb-visually-hidden" aria-live="polite">
        {state === 'idle' ? '' : words}
      </span>
    </button>
  );
}

/** The clipboard API is missing over plain HTTP to another machine; the old way still works there. */
async function writeClipboard(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('The browser did not copy.');
}
