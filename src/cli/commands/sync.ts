import { AppError } from '../../core/appError.ts';
import { headline, STATE_NAMES } from '../../core/headline.ts';
import type { SyncState } from '../../core/syncState.ts';
import { ENGLISH } from '../../core/texts.ts';
import { type Instant, SECOND } from '../../core/time.ts';
import type { PresenceChange } from '../../engine/chatWorker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cli } from '../compose.ts';
import { type ExitCode, type Output, section } from '../output.ts';
import type { ReadCounts } from '../readCounts.ts';
import { setupHint } from '../setupHint.ts';
import { calendarLine, chatLine, type Here, isFailing, stateJson } from '../stateText.ts';

type Deps = Pick<
  Cli,
  'paths' | 'clock' | 'settings' | 'stateFile' | 'runningPid' | 'lock' | 'requestSync' | 'makeEngine'
>;

/** A run waits for slow services up to their own time limits; one that takes longer than this hangs. */
const PATIENCE = 60 * SECOND;
const LOOK = SECOND / 5;

/** `hipstatus sync`: by the running program where there is one, otherwise by this one, once. */
export async function sync(deps: Deps, output: Output): Promise<ExitCode> {
  const held = await deps.lock();
  return 'heldBy' in held ? askRunning(deps, output, held.heldBy) : runOnce(deps, output).finally(() => held.release());
}

const after = (clock: Clock, delay: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(delay, resolve);
  });

async function askRunning(deps: Deps, output: Output, pid: number): Promise<ExitCode> {
  const asked = deps.clock.now();
  deps.requestSync();
  const state = await synced(deps, asked, pid);
  output.data({ by: 'running', pid, state: stateJson(state) });
  output.line(`Synced by the running HipStatus (process ${pid}).`);
  report(output, state, here(deps), { counts: new Map(), changes: null });
  return verdict(deps, output, state);
}

/** Waits for the running program to end a run that it began after `asked`. */
async function synced(deps: Deps, asked: Instant, pid: number): Promise<SyncState> {
  const { clock, stateFile } = deps;
  while (clock.now() - asked < PATIENCE) {
    await after(clock, LOOK);
    const state = stateFile.read();
    if (state !== null && !state.syncing && state.lastSyncAt !== null && state.lastSyncAt >= asked) return state;
    if ((await deps.runningPid()) !== pid) {
      throw new AppError('unavailable', 'HipStatus has ended meanwhile. Run the same command again.');
    }
  }
  const message = `HipStatus (process ${pid}) did not sync in time. See its log, or quit it and run the same command again.`;
  throw new AppError('timeout', message);
}

/** Leaves what it has written: the claim on disk lets the next run go on with it or take it back. */
async function runOnce(deps: Deps, output: Output): Promise<ExitCode> {
  const { engine, counts, activity } = deps.makeEngine();
  const changes: PresenceChange[] = [];
  engine.onWritten((written) => changes.push(...written));
  try {
    activity.start();
    await engine.start();
    await engine.refresh();
    await engine.settled();
  } finally {
    await engine.stop({ giveBack: false });
    activity.stop();
  }
  const state = engine.state();
  output.data({ by: 'command', read: Object.fromEntries(counts), written: changes, state: stateJson(state) });
  report(output, state, here(deps), { counts, changes });
  return verdict(deps, output, state);
}

const here = ({ clock }: Deps): Here => ({ now: clock.now(), zone: clock.zone() });

function report(
  output: Output,
  state: SyncState,
  at: Here,
  did: { readonly counts: ReadCounts; readonly changes: readonly PresenceChange[] | null },
): void {
  const read = state.calendars.map((calendar) => {
    const count = did.counts.get(calendar.id);
    const many =
      count === undefined || calendar.error !== null ? '' : ` (${count} ${count === 1 ? 'event' : 'events'})`;
    return `${calendarLine(calendar, at)}${many}`;
  });
  const lines = [
    ...section('Read:', read),
    ...section('Decided:', [headline(state, at.now, at.zone, ENGLISH)]),
    ...(did.changes === null ? [] : section('Written:', writtenLines(did.changes))),
    ...section(
      'Chats:',
      state.chats.map((chat) => chatLine(chat, at)),
    ),
  ];
  for (const line of lines) output.line(line);
}

const writtenLines = (changes: readonly PresenceChange[]): readonly string[] =>
  changes.length === 0 ? ['nothing: all was right already'] : changes.map(changeLine);

/** One write, such as `HipChat: set to Do not disturb`. */
export const changeLine = ({ chat, kind, state }: PresenceChange): string =>
  `${chat}: ${kind === 'set' ? 'set to' : 'given back as'} ${STATE_NAMES[state]}`;

function verdict({ paths }: Deps, output: Output, state: SyncState): ExitCode {
  if (state.missing !== null) output.line(setupHint(state.missing, paths.settingsFile));
  return state.missing !== null || isFailing(state) ? 1 : 0;
}
