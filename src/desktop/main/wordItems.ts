import { clockTimeFrom, HOUR, type Instant, MINUTE } from '../../core/time.ts';
import type { MenuCommand, MenuItem, TrayInput } from './trayView.ts';
import { wordsNow } from './wordsNow.ts';

const TIMES = [
  ['30m', '30 minutes', 30 * MINUTE],
  ['1h', '1 hour', HOUR],
  ['2h', '2 hours', 2 * HOUR],
] as const;

const command = (id: string, label: string, what: MenuCommand): MenuItem => {
  return { type: 'command', id, label, enabled: true, command: what };
};

/** What a person can say about the time to come: pause for a while, not for this meeting, busy for a while. */
export function wordItems(input: TrayInput): readonly MenuItem[] {
  const { isPaused, mayPause, mayNotFor, mayBusy, busyUntil } = wordsNow(input);
  const pauseItems: MenuItem[] = [
    ...TIMES.slice(0, 2).map(([id, label, howLong]) => command(`pause.${id}`, label, { kind: 'pause', howLong })),
    command('pause.tomorrow', 'Until tomorrow', { kind: 'pause', howLong: 'tomorrow' }),
  ];
  const pauseFor: MenuItem = { type: 'submenu', id: 'pause-for', label: 'Pause for', items: pauseItems };
  return [
    ...(mayPause && !isPaused ? [pauseFor] : []),
    ...(mayNotFor ? [command('not-for-this-meeting', 'Not for this meeting', { kind: 'notForThisMeeting' })] : []),
    ...(mayBusy ? [busyItem(busyUntil, input)] : []),
  ];
}

function busyItem(until: Instant | null, { now, zone }: Pick<TrayInput, 'now' | 'zone'>): MenuItem {
  if (until !== null) {
    return command('not-busy', `No longer busy (until ${clockTimeFrom(until, now, zone)})`, { kind: 'notBusy' });
  }
  const items = TIMES.map(([id, label, howLong]) => command(`busy.${id}`, label, { kind: 'busy', howLong }));
  return { type: 'submenu', id: 'busy-for', label: "I'm busy for", items };
}
