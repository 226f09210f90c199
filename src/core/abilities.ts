import { STATE_NAMES } from './headline.ts';
import type { ChatCapabilities, PresenceState } from './presence.ts';

/** What HipStatus can do in a chat or calendar, and what the service does not let it do, in plain words. */
export interface Abilities {
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

/** The states that people expect; `offline` is never written. */
const EXPECTED: readonly PresenceState[] = ['available', 'busy', 'dnd', 'away'];

// British: no comma before the last one.
const OR = new Intl.ListFormat('en-GB', { type: 'disjunction' });
const named = (states: readonly PresenceState[]): string => OR.format(states.map((state) => STATE_NAMES[state]));

/** The abilities that a chat's capabilities come to. */
export function abilities(capabilities: ChatCapabilities): Abilities {
  const { states, textLimit, emoji, expires, stateExpires, profileTimeZone } = capabilities;
  const can: string[] = [];
  const cannot: string[] = [];
  const say = (isAble: boolean, yes: string, no: string) => (isAble ? can.push(yes) : cannot.push(no));
  const settable = EXPECTED.filter((state) => states.includes(state));
  // A chat that has do not disturb needs no "busy" beside it.
  const missing = EXPECTED.filter((state) => !states.includes(state) && !(state === 'busy' && states.includes('dnd')));
  if (settable.length > 0) can.push(`set you to ${named(settable)}`);
  if (missing.length > 0) cannot.push(`set you to ${named(missing)}`);
  if (textLimit > 0) {
    can.push(`show a status text of up to ${textLimit} characters${emoji ? ', with an emoji' : ''}`);
    if (!emoji) cannot.push('show an emoji with the status text');
    say(
      expires,
      'have the service end the status text by itself, even when this computer is off',
      'have the service end the status text by itself: HipStatus takes it back, and has to run for that',
    );
  } else {
    cannot.push('show a status text');
  }
  if (settable.length > 0 && stateExpires) can.push('have the service end the state by itself');
  if (profileTimeZone) can.push('keep the time zone of your profile right');
  return { can, cannot };
}

/** What HipStatus does with every calendar. */
export const CALENDAR_ABILITIES: Abilities = {
  can: ['see when you are in a meeting, out of office or free'],
  cannot: ['change anything in your calendar'],
};
