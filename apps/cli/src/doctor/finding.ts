/** One thing that was looked at; `advice` says what to do about a warning or a failure. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly text: string;
  readonly advice?: string;
};

export const ok = (subject: string, text: string): Finding => ({ level: 'ok', subject, text });
export const warn = (subject: string, text: string, advice: string): Finding => ({
  level: 'warn',
  subject,
  text,
  advice,
});
export const fail = (subject: string, text: string, advice: string): Finding => ({
  level: 'fail',
  subject,
  text,
  advice,
});
