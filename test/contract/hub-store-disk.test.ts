// A disk that takes nothing more, under the embedded store: a real child with a real file. What can't be kept is refused, what was
// kept stays, and when there is room again it goes on by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/adapters/node/systemClock.ts';
import { openSqliteStore } from '../../src/hub/store/sqlite/store.ts';
import { FULL } from './fixtures/full-disk.ts';
import { allEvents } from './hub-store-world.ts';

const RUN = join(import.meta.dirname, 'fixtures', 'hub-store-disk-run.ts');
/** Those that SQLite meets too: it does not write with Node's functions. */
const WAYS = FULL.filter((way) => !/thrown/.test(way.name) && way.isPossible()).map((way) => [way.name, way] as const);

interface Told {
  readonly ready?: true;
  readonly event?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly shown?: string;
}

describe("a disk that takes nothing more, under the hub's data", () => {
  it.each(WAYS)('%s', { timeout: 60_000 }, async (_, way) => {
    const disk = way.open('2m');
    onTestFinished(() => disk.close());
    const child = spawn(process.execPath, ['--import', 'tsx', RUN, disk.home], { stdio: ['pipe', 'pipe', 'inherit'] });
    const pid = child.pid ?? 0;
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<Told> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('The child has ended.');
      return JSON.parse(value);
    };
    const report = (text: string): Promise<Told> => {
      child.stdin.write(`${text}\n`);
      return next();
    };

    expect(await next()).toEqual({ ready: true });
    expect(await report('kept')).toMatchObject({ shown: 'kept' });
    disk.fill(pid);
    // What is set aside in the log already may take some more.
    let last = 'kept';
    let told = await report('more 0');
    for (let more = 1; told.code === undefined && more < 2_000; more++) {
      last = told.shown ?? '';
      told = await report(`more ${more}`);
    }
    expect(told).toMatchObject({ code: 'unavailable', shown: last });
    expect(told.reason).toMatch(/^(diskFull|fileSystem)$/);
    expect(told.message).not.toContain(disk.home);
    expect(await report('still full')).toMatchObject({ code: 'unavailable', shown: last });

    disk.free(pid);
    const again = await report('room again');
    expect(again).toMatchObject({ shown: 'room again' });
    child.stdin.end();
    await ended;
    const store = await openSqliteStore({ folder: disk.home, clock: systemClock });
    const events = await allEvents(store);
    await store.close();
    expect(events.at(-1)).toMatchObject({ id: again.event, record: { said: { text: 'room again' } } });
    expect(events.map(({ record }) => record.said.text)).not.toContain('still full');
  });

  it('is played on this machine in at least one way, where it is Linux', () => {
    expect(process.platform !== 'linux' || WAYS.length > 0).toBe(true);
  });
});
