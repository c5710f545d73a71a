/** Anchored on '://' and bounded by quotes, so it is linear and safe to run over a whole JSON line. */
const URL_PASSWORD = /:\/\/([^\s/@:"]*):[^\s/"]+@/g;

/** API keys, passes, webhook secrets and invoice ids (an invoice id is its buyer's secret). */
const SECRET_TOKEN = /(tbk_test|tbk_live|tbp|whsec|inv)_[A-Za-z0-9+/=_-]{16,}/g;

/** The text without the passwords of URLs and without tokens that open something by themselves. */
export function scrubText(text: string): string {
  return text.replace(URL_PASSWORD, '://$1:***@').replace(SECRET_TOKEN, '$1_***');
}
