import { ChainUnavailable, StoreUnavailable } from '@tollbook/usecases';
import { describe, expect, it } from 'vitest';
import { FailureLog, isOutage } from './failure-log.js';

function openLog() {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const tell = (level: string) => (_fields: object, message?: string) => void lines.push(`${level}: ${message}`);
  const logger = { info: tell('info'), warn: tell('warn'), error: tell('error') };
  return { lines, clock, log: new FailureLog(logger, () => clock.nowMs) };
}

describe('FailureLog', () => {
  it('warns once of a node that is away, and tells when it is back', () => {
    const { lines, clock, log } = openLog();
    for (let second = 0; second < 300; second += 1) {
      clock.nowMs = second * 1_000;
      log.failed('scan', new ChainUnavailable('eip155:84532', 'no answer'));
    }
    log.worked('scan');
    log.worked('scan');
    expect(lines).toEqual(['warn: a step waited for what is away', 'info: a step worked again']);
  });

  it('keeps the streaks of steps apart', () => {
    const { lines, log } = openLog();
    log.failed('scan', new StoreUnavailable('away'));
    log.failed('sweep', new StoreUnavailable('away'));
    expect(lines).toHaveLength(2);
  });

  it('tells of a bug at once, of another at once, and of the same again each minute', () => {
    const { lines, clock, log } = openLog();
    log.failed('scan', new Error('one'));
    log.failed('scan', new Error('one'));
    log.failed('scan', new Error('two'));
    clock.nowMs = 59_999;
    log.failed('scan', new Error('two'));
    clock.nowMs = 60_000;
    log.failed('scan', new Error('two'));
    expect(lines).toEqual(Array(3).fill('error: a step failed'));
  });

  it('tells of a bug that follows an outage', () => {
    const { lines, log } = openLog();
    log.failed('scan', new StoreUnavailable('away'));
    log.failed('scan', new Error('one'));
    expect(lines).toEqual(['warn: a step waited for what is away', 'error: a step failed']);
  });
});

describe('isOutage', () => {
  it('believes typed errors of ports alone', () => {
    expect(isOutage(new ChainUnavailable('eip155:84532', 'no answer'))).toBe(true);
    expect([new Error('away'), 'away', null, { isRetryable: true }].some(isOutage)).toBe(false);
  });
});
