import { expect, it } from 'vitest';
import { html } from './html.js';

it('escapes what is put in, in text and in attributes, and HTML of its own not twice', () => {
  const name = `"><script>alert('x')</script>&`;
  const inner = html`<b title="${name}">${name}</b>`;
  const escaped = '&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;';
  expect(html`<p>${inner}${null}${[html`<i>${1}</i>`, ' & ']}</p>`.text).toBe(
    `<p><b title="${escaped}">${escaped}</b><i>1</i> &#38; </p>`,
  );
});
