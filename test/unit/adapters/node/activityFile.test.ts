import { appendFileSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createActivityFile, readActivity } from '../../../../src/adapters/node/activityFile.ts';
import type { ActivityEntry } from '../../../../src/core/activity.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts';
import { FULL } from '../../../contract/fixtures/full-disk.ts';
import { recordingLogger, tempFolder } from './tempFolder.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
const LARGEST = 2 * 1024 * 1024;

const entry = (at: number): ActivityEntry => ({ kind: 'program', at, what: 'wake' });
const line = (at: number): string => `${JSON.stringify(entry(at))}\n`;

function opened(folder = tempFolder()) {
  const file = path.join(folder, 'activity.jsonl');
  const clock = { now: START };
  const logger = recordingLogger();
  return { file, clock, logger, log: createActivityFile({ file, now: () => clock.now, logger }) };
}

describe('createActivityFile', () => {
  it('keeps what was added, also over a restart, for the owner alone', () => {
    const { file, log, logger } = opened();
    expect(log.entries()).toEqual([]);
    log.tidy();
    log.add(entry(START));
    log.add(entry(START + 1));
    const again = createActivityFile({ file, now: () => START, logger });
    again.tidy();
    again.add(entry(START + 2));
    expect(again.entries().map(({ at }) => at - START)).toEqual([0, 1, 2]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(logger.records).toEqual([]);
  });

  it('forgets what is older than seven days, on disk too, without being asked to add anything', () => {
    const { file, clock, log } = opened();
    log.tidy();
    log.add(entry(START));
    clock.now = START + 6 * DAY;
    log.add(entry(clock.now));
    clock.now = START + 7 * DAY - 1;
    expect(log.entries()).toHaveLength(2);
    clock.now = START + 7 * DAY;
    expect(log.entries()).toEqual([entry(START + 6 * DAY)]);
    log.tidy();
    expect(readFileSync(file, 'utf8')).toBe(line(START + 6 * DAY));
  });

  it('looks for what is too old once an hour, and writes nothing while nothing is', () => {
    const { file, clock, log } = opened();
    log.add(entry(START));
    const before = statSync(file).mtimeMs;
    log.tidy();
    clock.now = START + 7 * DAY - 30 * MINUTE;
    log.tidy();
    clock.now = START + 7 * DAY;
    log.tidy();
    expect(statSync(file).mtimeMs).toBe(before);
    clock.now += HOUR;
    log.tidy();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('passes over what is torn, foreign or of another version, and goes on after it', () => {
    const { file, log } = opened();
    const foreign = [
      '{"kind":"written","at":1,"account":{"id":"ada@example.com","provider":"hipchat"},"what":"set","state":"dnd"}',
      `{"kind":"somethingNew","at":${START}}`,
      'null',
      '\u0000\u0000\u0000',
      '',
    ];
    writeFileSync(file, `${line(START)}${foreign.join('\n')}\n${line(START + 1)}${line(START + 2).slice(0, 20)}`);
    expect(log.entries().map(({ at }) => at - START)).toEqual([0, 1]);
    log.add(entry(START + 3));
    expect(log.entries().map(({ at }) => at - START)).toEqual([0, 1, 3]);
    log.tidy();
    expect(readFileSync(file, 'utf8')).toBe([START, START + 1, START + 3].map(line).join(''));
  });

  it('holds wherever a crash has cut it off', () => {
    const whole = [START, START + 1].map(line).join('');
    for (let length = 0; length <= whole.length; length += 1) {
      const { file, log } = opened();
      writeFileSync(file, whole.slice(0, length));
      log.add(entry(START + 2));
      const left = log.entries().map(({ at }) => at - START);
      const first = line(START).length - 1;
      expect(left).toEqual([...(length >= first ? [0] : []), ...(length >= whole.length - 1 ? [1] : []), 2]);
      rmSync(file);
    }
  });

  it('never grows beyond 2 MB, and keeps the latest', () => {
    const { file, log } = opened();
    const many = Math.floor((LARGEST - 10) / line(START).length);
    writeFileSync(file, line(START).repeat(many));
    for (let index = 1; index <= 20; index += 1) log.add(entry(START + index));
    expect(statSync(file).size).toBeLessThan(LARGEST);
    const kept = log.entries();
    expect(kept.length).toBeGreaterThan(5_000);
    expect(kept.length).toBeLessThanOrEqual(10_000);
    expect(kept.slice(-20).map(({ at }) => at - START)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('reads only the end of a file that something else has made huge', () => {
    const { file, log } = opened();
    writeFileSync(file, 'x'.repeat(3 * LARGEST));
    appendFileSync(file, `\n${line(START)}`);
    expect(log.entries()).toEqual([entry(START)]);
    log.add(entry(START + 1));
    expect(readFileSync(file, 'utf8')).toBe(line(START) + line(START + 1));
  });

  it('takes back what a clock that ran ahead has written', () => {
    const { file, clock, log } = opened();
    clock.now = START + 400 * DAY;
    log.add(entry(clock.now));
    clock.now = START;
    expect(log.entries()).toEqual([]);
    log.tidy();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('is only looked at by others', () => {
    const { file } = opened();
    expect(readActivity(file, START)).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});

describe('a place that takes nothing', () => {
  const small = FULL[0];

  /** What stands in the way is taken away by the function that comes back. */
  const ways = {
    'a full disk': (folder: string) => {
      if (small?.isPossible()) {
        const disk = small.open('256k');
        onTestFinished(() => disk.close());
        disk.fill(process.pid);
        return { folder: disk.home, free: () => disk.free(process.pid) };
      }
      if (existsSync('/dev/full')) symlinkSync('/dev/full', path.join(folder, 'activity.jsonl'));
      else return ways['a folder that is gone'](folder);
      return { folder, free: () => rmSync(path.join(folder, 'activity.jsonl')) };
    },
    'a folder that is gone': (folder: string) => {
      const gone = path.join(folder, 'gone');
      writeFileSync(gone, '');
      return { folder: gone, free: () => rmSync(gone) };
    },
  };

  it.each(Object.entries(ways))('%s: disturbs nobody, says so once, and it goes on by itself', (_, block) => {
    const { folder, free } = block(tempFolder());
    const { log, logger, clock } = opened(folder);
    log.tidy();
    for (let index = 0; index < 5; index += 1) log.add(entry(START));
    clock.now += HOUR;
    log.tidy();
    expect(log.entries()).toEqual([]);
    expect(logger.records).toHaveLength(1);
    expect(logger.records[0]).toMatchObject({ level: 'warn', fields: { code: 'unavailable' } });
    free();
    log.tidy();
    log.add(entry(START + 1));
    expect(logger.records).toHaveLength(1);
    expect(log.entries()).toHaveLength(existsSync(path.join(folder, 'activity.jsonl')) ? 1 : 0);
  });
});
