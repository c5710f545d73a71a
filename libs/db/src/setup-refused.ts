/** What was to be configured contradicts what is; nothing was written. The message is for the operator. */
export class SetupRefused extends Error {
  override readonly name = 'SetupRefused';
}
