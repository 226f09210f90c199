import { stateName } from './headline.ts';
import { listed } from './localFormat.ts';
import type { ChatCapabilities, PresenceState } from './presence.ts';
import { type Speech, type TextKey, text } from './texts.ts';

/** What HipStatus can do in a chat or calendar, and what the service does not let it do, in plain words. */
export interface Abilities {
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

/** The states that people expect; `offline` is never written. */
const EXPECTED: readonly PresenceState[] = ['available', 'busy', 'dnd', 'away'];

/** The abilities that a chat's capabilities come to; null for a calendar, of which all are the same. */
export function abilities(capabilities: ChatCapabilities | null, speech: Speech): Abilities {
  if (capabilities === null) {
    return { can: [text('ability.calendar', speech)], cannot: [text('ability.noChange', speech)] };
  }
  const { states, textLimit, emoji, expires, stateExpires, profileTimeZone } = capabilities;
  const can: string[] = [];
  const cannot: string[] = [];
  const words = (key: TextKey) => text(key, speech);
  const named = (some: readonly PresenceState[]) => {
    const names = some.map((state) => stateName(state, speech));
    return text('ability.states', speech, { states: listed(names, speech, 'disjunction') });
  };
  const settable = EXPECTED.filter((state) => states.includes(state));
  // A chat that has do not disturb needs no "busy" beside it.
  const missing = EXPECTED.filter((state) => !states.includes(state) && !(state === 'busy' && states.includes('dnd')));
  if (settable.length > 0) can.push(named(settable));
  if (missing.length > 0) cannot.push(named(missing));
  if (textLimit > 0) {
    can.push(text(emoji ? 'ability.textWithEmoji' : 'ability.text', speech, { limit: String(textLimit) }));
    if (!emoji) cannot.push(words('ability.emoji'));
    if (expires) can.push(words('ability.textEnds'));
    else cannot.push(words('ability.noTextEnd'));
  } else {
    cannot.push(words('ability.anyText'));
  }
  if (settable.length > 0 && stateExpires) can.push(words('ability.stateEnds'));
  if (profileTimeZone) can.push(words('ability.timeZone'));
  return { can, cannot };
}
