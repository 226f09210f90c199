import { lengthOfTime, timeFrom } from '../../core/localFormat.ts';
import { text } from '../../core/texts.ts';
import { HOUR, MINUTE } from '../../core/time.ts';
import type { MenuCommand, MenuItem, TrayInput } from './trayView.ts';

const TIMES = [
  ['30m', 30 * MINUTE],
  ['1h', HOUR],
  ['2h', 2 * HOUR],
] as const;

const command = (id: string, label: string, what: MenuCommand): MenuItem => {
  return { type: 'command', id, label, enabled: true, command: what };
};

/** What a person can say about the time to come: pause for a while, not for this meeting, busy for a while. */
export function wordItems(input: TrayInput, isPaused: boolean): readonly MenuItem[] {
  const { state, settings, locked, speech } = input;
  if (state.phase !== 'running' && state.phase !== 'paused') return [];
  const pauseItems: MenuItem[] = [
    ...TIMES.slice(0, 2).map(([id, howLong]) =>
      command(`pause.${id}`, lengthOfTime(howLong, speech), { kind: 'pause', howLong }),
    ),
    command('pause.tomorrow', text('menu.untilTomorrow', speech), { kind: 'pause', howLong: 'tomorrow' }),
  ];
  const pauseFor: MenuItem = {
    type: 'submenu',
    id: 'pause-for',
    label: text('menu.pauseFor', speech),
    items: pauseItems,
  };
  const pause = isPaused || locked.has('pausedUntil') ? [] : [pauseFor];
  if (isPaused || locked.has('overrides')) return pause;
  const isMeeting = state.now !== null && state.now.state !== null && settings.overrides.busy === null;
  const notFor = isMeeting
    ? [command('not-for-this-meeting', text('menu.notForThisMeeting', speech), { kind: 'notForThisMeeting' })]
    : [];
  return [...pause, ...notFor, busyItem(input)];
}

function busyItem({ settings, now, zone, speech }: TrayInput): MenuItem {
  const { busy } = settings.overrides;
  const until = busy === null ? null : Date.parse(busy.until);
  if (until !== null && until > now) {
    const time = timeFrom(until, now, zone, speech);
    return command('not-busy', text('menu.notBusy', speech, { time }), { kind: 'notBusy' });
  }
  const items = TIMES.map(([id, howLong]) =>
    command(`busy.${id}`, lengthOfTime(howLong, speech), { kind: 'busy', howLong }),
  );
  return { type: 'submenu', id: 'busy-for', label: text('menu.busyFor', speech), items };
}
