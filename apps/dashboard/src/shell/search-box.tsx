import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { isOfferReference } from '../features/offers/is-offer-reference.js';
import { Icon } from '../ui/icon.js';
import classes from './search-box.module.css';

/** Finds a payment by anything one may hold in hand; the server looks it up. */
export function SearchBox({ onPalette }: { onPalette: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  return (
    <search className={classes.box}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = text.trim();
          if (q === '') return;
          setText('');
          input.current?.blur();
          if (isOfferReference(q)) void navigate({ to: '/offers/$id', params: { id: q } });
          else void navigate({ to: '/payments', search: { q } });
        }}
      >
        <TextInput
          ref={input}
          aria-label="Find a payment"
          placeholder="Find by id, invoice, tx hash or payer"
          leftSection={<Icon name="search" />}
          rightSectionWidth={64}
          rightSectionProps={{ className: classes.hint ?? '' }}
          rightSection={
            <button type="button" onClick={onPalette} aria-label="Ctrl K: command palette" title="Command palette">
              <kbd>Ctrl K</kbd>
            </button>
          }
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          size="sm"
          type="search"
        />
      </form>
    </search>
  );
}
