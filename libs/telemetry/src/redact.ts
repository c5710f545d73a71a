import { describeError } from './describe-error.js';
import { isSecretName } from './is-secret-name.js';

const DEPTH_MAX = 6;
const ITEMS_MAX = 100;
const REDACTED = '[redacted]';

/** Raw request and reply objects of the web framework; the logger's serializers pick what is shown of them. */
const FRAMEWORK_FIELDS = ['req', 'res'];

/** A copy of a log line's fields without secrets, at any depth; bigints become text, errors their description. */
export function redactFields(fields: object, withStack: boolean): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    FRAMEWORK_FIELDS.includes(name) ? value : redactField(name, value, withStack, DEPTH_MAX),
  ]);
  return Object.fromEntries(entries);
}

function redactField(name: string, value: unknown, withStack: boolean, depthLeft: number): unknown {
  if (value === null || value === undefined) return value;
  return isSecretName(name) ? REDACTED : redactValue(value, withStack, depthLeft);
}

function redactValue(value: unknown, withStack: boolean, depthLeft: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, withStack);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date || value instanceof URL) return value.toJSON();
  if (depthLeft === 0) return '[deep]';
  if (Array.isArray(value)) {
    return value.slice(0, ITEMS_MAX).map((item) => redactValue(item, withStack, depthLeft - 1));
  }
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(entries.map(([name, item]) => [name, redactField(name, item, withStack, depthLeft - 1)]));
}
