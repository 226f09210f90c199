import { clockTimeFrom, HOUR, MINUTE } from '../../core/time.ts';
import type { MenuCommand, MenuItem, TrayInput } from './trayView.ts';

const TIMES = [
  ['30m', '30 minutes', 30 * MINUTE],
  ['1h', '1 hour', HOUR],
  ['2h', '2 hours', 2 * HOUR],
] as const;

const command = (id: string, label: string, what: MenuCommand): MenuItem => {
  return { type: 'command', id, label, enabled: true, command: what };
};

/** What a person can say about the time to come: pause for a while, not for this meeting, busy for a while. */
export function wordItems({ state, settings, locked, now, zone }: TrayInput, isPaused: boolean): readonly MenuItem[] {
  if (state.phase !== 'running' && state.phase !== 'paused') return [];
  const pauseItems: MenuItem[] = [
    ...TIMES.slice(0, 2).map(([id, label, howLong]) => command(`pause.${id}`, label, { kind: 'pause', howLong })),
    command('pause.tomorrow', 'Until tomorrow', { kind: 'pause', howLong: 'tomorrow' }),
  ];
  const pauseFor: MenuItem = { type: 'submenu', id: 'pause-for', label: 'Pause for', items: pauseItems };
  const pause = isPaused || locked.has('pausedUntil') ? [] : [pauseFor];
  if (isPaused || locked.has('overrides')) return pause;
  const isMeeting = state.now !== null && state.now.state !== null && settings.overrides.busy === null;
  const notFor = isMeeting
    ? [command('not-for-this-meeting', 'Not for this meeting', { kind: 'notForThisMeeting' })]
    : [];
  return [...pause, ...notFor, busyItem({ settings, now, zone })];
}

function busyItem({ settings, now, zone }: Pick<TrayInput, 'settings' | 'now' | 'zone'>): MenuItem {
  const { busy } = settings.overrides;
  const until = busy === null ? null : Date.parse(busy.until);
  if (until !== null && until > now) {
    return command('not-busy', `No longer busy (until ${clockTimeFrom(until, now, zone)})`, { kind: 'notBusy' });
  }
  const items = TIMES.map(([id, label, howLong]) => command(`busy.${id}`, label, { kind: 'busy', howLong }));
  return { type: 'submenu', id: 'busy-for', label: "I'm busy for", items };
}
