/** Leaves for the sign-in page, which comes back to this very address. */
export function goToSignIn(): void {
  const here = location.pathname + location.search;
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}
