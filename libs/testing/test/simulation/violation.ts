/** What was found not to hold. */
export type Violation = { readonly invariant: string; readonly what: string };
