import { lengthOfTime, timeFrom } from '../../core/localFormat.ts';
import { text } from '../../core/texts.ts';
import { HOUR, type Instant, MINUTE } from '../../core/time.ts';
import type { MenuCommand, MenuItem, TrayInput } from './trayView.ts';
import { wordsNow } from './wordsNow.ts';

const TIMES = [
  ['30m', 30 * MINUTE],
  ['1h', HOUR],
  ['2h', 2 * HOUR],
] as const;

const command = (id: string, label: string, what: MenuCommand): MenuItem => {
  return { type: 'command', id, label, enabled: true, command: what };
};

/** What a person can say about the time to come: pause for a while, not for this meeting, busy for a while. */
export function wordItems(input: TrayInput): readonly MenuItem[] {
  const { isPaused, mayPause, mayNotFor, mayBusy, busyUntil } = wordsNow(input);
  const { speech } = input;
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
  const notFor = () =>
    command('not-for-this-meeting', text('menu.notForThisMeeting', speech), { kind: 'notForThisMeeting' });
  return [
    ...(mayPause && !isPaused ? [pauseFor] : []),
    ...(mayNotFor ? [notFor()] : []),
    ...(mayBusy ? [busyItem(busyUntil, input)] : []),
  ];
}

function busyItem(until: Instant | null, { now, zone, speech }: TrayInput): MenuItem {
  if (until !== null) {
    const time = timeFrom(until, now, zone, speech);
    return command('not-busy', text('menu.notBusy', speech, { time }), { kind: 'notBusy' });
  }
  const items = TIMES.map(([id, howLong]) =>
    command(`busy.${id}`, lengthOfTime(howLong, speech), { kind: 'busy', howLong }),
  );
  return { type: 'submenu', id: 'busy-for', label: text('menu.busyFor', speech), items };
}
