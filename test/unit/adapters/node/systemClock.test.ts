import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cronCadence } from '../../../../src/adapters/node/cadence.ts';
import { systemClock } from '../../../../src/adapters/node/systemClock.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-05T09:02:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock.after', () => {
  it('calls once, not before its time', () => {
    const call = vi.fn();
    systemClock.after(10 * MINUTE, call);
    vi.advanceTimersByTime(10 * MINUTE - 1);
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2);
    expect(call).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(HOUR);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('waits longer than the 2^31-1 ms that a platform timer takes', () => {
    const call = vi.fn();
    const start = Date.now();
    systemClock.after(40 * DAY, () => call(Date.now() - start));
    vi.advanceTimersByTime(39 * DAY);
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY + SECOND);
    expect(call).toHaveBeenCalledExactlyOnceWith(40 * DAY);
  });

  it('is at most a minute late when the machine slept', () => {
    const call = vi.fn();
    systemClock.after(HOUR, call);
    vi.advanceTimersByTime(MINUTE);
    vi.setSystemTime(Date.now() + 8 * HOUR);
    vi.advanceTimersByTime(MINUTE);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('waits on when the wall clock was set back', () => {
    const call = vi.fn();
    systemClock.after(2 * MINUTE, call);
    vi.setSystemTime(Date.now() - 10 * MINUTE);
    vi.advanceTimersByTime(11 * MINUTE);
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE + SECOND);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('does not call after it was stopped, nor leaves a timer', () => {
    const call = vi.fn();
    const timer = systemClock.after(2 * MINUTE, call);
    vi.advanceTimersByTime(90 * SECOND);
    timer.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(HOUR);
    expect(call).not.toHaveBeenCalled();
  });

  it('takes negative delays as now and refuses what is no number', () => {
    const call = vi.fn();
    systemClock.after(-5, call);
    expect(call).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(call).toHaveBeenCalledTimes(1);
    expect(() => systemClock.after(Number.NaN, call)).toThrow(RangeError);
  });
});

describe('systemClock.zone', () => {
  const given = process.env['TZ'];
  afterEach(() => {
    if (given === undefined) delete process.env['TZ'];
    else process.env['TZ'] = given;
  });

  it('follows a change of the zone', () => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(systemClock.zone()).toBe('Asia/Tokyo');
    process.env['TZ'] = 'Europe/Berlin';
    expect(systemClock.zone()).toBe('Europe/Berlin');
  });
});

describe('cronCadence', () => {
  const marks = (minutes = 5): { times: string[]; stop: () => void } => {
    const times: string[] = [];
    const timer = cronCadence.start(minutes, () => times.push(new Date().toISOString().slice(11, 19)));
    return { times, stop: () => timer.stop() };
  };

  it('calls every minute when that is asked for', async () => {
    const { times, stop } = marks(1);
    await vi.advanceTimersByTimeAsync(3 * MINUTE + 30 * SECOND);
    expect(times).toEqual(['09:03:00', '09:04:00', '09:05:00']);
    stop();
  });

  it('calls at :00, :05, … and never after it was stopped', async () => {
    const { times, stop } = marks();
    await vi.advanceTimersByTimeAsync(13 * MINUTE + 30 * SECOND);
    expect(times).toEqual(['09:05:00', '09:10:00', '09:15:00']);
    stop();
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(times).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes up for one mark after a sleep and is on the marks again', async () => {
    const { times, stop } = marks();
    await vi.advanceTimersByTimeAsync(MINUTE);
    vi.setSystemTime(Date.parse('2026-01-05T11:57:10Z'));
    await vi.advanceTimersByTimeAsync(13 * MINUTE);
    expect(times).toEqual(['11:57:40', '12:00:00', '12:05:00', '12:10:00']);
    stop();
  });

  it('is on the marks again after a short sleep that no mark fell into', async () => {
    const { times, stop } = marks();
    vi.setSystemTime(Date.parse('2026-01-05T09:04:00Z'));
    await vi.advanceTimersByTimeAsync(7 * MINUTE);
    expect(times).toEqual(['09:05:00', '09:10:00']);
    stop();
  });

  it('follows a wall clock that was set back', async () => {
    const { times, stop } = marks();
    vi.setSystemTime(Date.parse('2026-01-05T08:51:00Z'));
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(times).toEqual(['08:51:30', '08:55:00']);
    stop();
  });
});
