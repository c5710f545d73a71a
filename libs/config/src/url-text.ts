import { z } from 'zod';

/** A URL of one of these schemes; what it says is never repeated, since it may carry a password. */
export function connectionUrl(schemes: readonly string[]) {
  return z.string().superRefine((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined) {
      context.addIssue('is not a URL (percent-encode special characters in its password)');
    } else if (!schemes.includes(url.protocol)) {
      context.addIssue(`must start with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    }
  });
}

/** Scheme, host and port that the outside world uses for us, without a slash at the end. */
export const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue('must be an http:// or https:// URL');
  } else if (url.username !== '' || url.password !== '') {
    context.addIssue('must not contain a user name or password');
  } else if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    context.addIssue('must be scheme, host and port alone, without a path');
  } else {
    return url.origin;
  }
  return z.NEVER;
});
