import { AppError } from '../../core/appError.ts';
import { headline } from '../../core/headline.ts';
import type { SyncState } from '../../core/syncState.ts';
import { ENGLISH } from '../../core/texts.ts';
import { clockTime } from '../../core/time.ts';
import type { Cli } from '../compose.ts';
import type { ExitCode, Output } from '../output.ts';
import { setupHint } from '../setupHint.ts';
import { calendarLine, chatLine, type Here, isFailing, stateJson } from '../stateText.ts';
import { changeLine } from './sync.ts';

type Deps = Pick<Cli, 'paths' | 'clock' | 'settings' | 'stateFile' | 'lock' | 'makeEngine' | 'follow' | 'logger'>;

/**
 * `hipstatus sync --watch`: the app without a window, until `stopped` resolves. Then the presence is taken back or left, by
 * the settings.
 */
export async function watch(deps: Deps, output: Output, stopped: Promise<void>): Promise<ExitCode> {
  const held = await deps.lock();
  if ('heldBy' in held) {
    const message = `Another HipStatus (process ${held.heldBy}) is running already. Quit it first, or use: hipstatus sync`;
    throw new AppError('conflict', message);
  }
  const { engine, triggers, remoteWords, activity } = deps.makeEngine();
  const teller = new Teller(deps, output);
  const show = () => {
    const state = engine.state();
    deps.stateFile.write(state);
    teller.tell(state);
  };
  const stops = [
    engine.onState(show),
    engine.onWritten((changes) => {
      for (const change of changes) teller.say(changeLine(change));
      output.data({ at: new Date(deps.clock.now()).toISOString(), written: changes });
    }),
    deps.follow(() => void engine.refresh()),
  ];
  try {
    activity.start();
    await engine.start();
    triggers.start();
    remoteWords.start();
    show();
    void engine.refresh();
    await stopped;
    teller.say('Stopping');
  } finally {
    remoteWords.stop();
    triggers.stop();
    for (const stop of stops.slice(2)) stop();
    await engine.stop();
    activity.stop();
    for (const stop of stops) stop();
    deps.stateFile.remove();
    held.release();
  }
  return 0;
}

/** Says each thing once, when it becomes true. */
class Teller {
  readonly #deps: Deps;
  readonly #output: Output;
  #headline = '';
  #problems: readonly string[] = [];
  #json = '';

  constructor(deps: Deps, output: Output) {
    this.#deps = deps;
    this.#output = output;
  }

  say(text: string): void {
    const { clock } = this.#deps;
    this.#output.line(`${clockTime(clock.now(), clock.zone())}  ${text}`);
  }

  tell(state: SyncState): void {
    const { clock, paths } = this.#deps;
    const here: Here = { now: clock.now(), zone: clock.zone() };
    this.#data(state, here);
    const line = headline(state, here.now, here.zone, ENGLISH);
    if (line !== this.#headline) {
      this.#headline = line;
      this.say(line);
      if (state.missing !== null) this.say(setupHint(state.missing, paths.settingsFile));
    }
    const problems = isFailing(state) ? problemLines(state, here) : [];
    for (const problem of problems.filter((one) => !this.#problems.includes(one))) this.say(problem);
    this.#problems = problems;
  }

  /** What changed only by the time of the last read is no news. */
  #data(state: SyncState, { now }: Here): void {
    const { lastSyncAt: _at, syncing: _syncing, ...rest } = stateJson(state);
    const calendars = rest.calendars.map(({ lastReadAt: _read, ...calendar }) => calendar);
    const json = JSON.stringify({ ...rest, calendars });
    if (json === this.#json) return;
    this.#json = json;
    this.#output.data({ at: new Date(now).toISOString(), state: stateJson(state) });
  }
}

function problemLines({ calendars, chats, trouble }: SyncState, here: Here): readonly string[] {
  // Without the count of tries: each try would be news.
  const once = <T extends { readonly error: { readonly tries: number } | null }>(account: T): T =>
    account.error === null ? account : { ...account, error: { ...account.error, tries: 1 } };
  return [
    ...(trouble === null ? [] : [trouble.message]),
    ...calendars.filter(({ error }) => error !== null).map((calendar) => calendarLine(once(calendar), here)),
    ...chats.filter(({ error }) => error !== null).map((chat) => chatLine(once(chat), here)),
  ];
}
