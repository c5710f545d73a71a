/** Thrown by a handler when trying again cannot help: the job fails at once and is kept for a person to see. */
export class UnrecoverableJob extends Error {
  override readonly name = 'UnrecoverableJob';
}
