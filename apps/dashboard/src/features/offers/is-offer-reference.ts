/** Whether a text reads like an offer's reference; the server says whether it is one. */
export function isOfferReference(text: string): boolean {
  return /^inv_[a-z2-7]{80}(?:[a-z2-7]{32})?$/.test(text);
}
