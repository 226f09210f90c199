import type { ChatCapabilities, ChatReading, Presence, PresenceState } from '../../../core/presence.ts';
import type { PresenceStanza, Show } from './schema.ts';

/**
 * What XMPP can do (RFC 6121 section 4.7). It sets no limit to the status text; ours is what the settings allow. Nothing
 * ends by itself at a time, but all that was said ends with the connection it was said on.
 */
export const XMPP_CAPABILITIES: ChatCapabilities = {
  states: ['available', 'dnd', 'away'],
  textLimit: 500,
  emoji: false,
  expires: false,
  stateExpires: false,
  oneStatus: true,
  profileTimeZone: false,
  endsWithConnection: true,
};

/** What is said in one presence stanza. */
export interface Saying {
  /** Null for available, which has no word. */
  readonly show: Show | null;
  readonly text: string;
}

/** What one of the person's clients says. */
export interface ClientPresence extends Saying {
  readonly state: PresenceState;
  readonly priority: number;
  /** Away because nobody touched it, not because the person said so. */
  readonly isAutomatic: boolean;
}

/** The person's clients by resource; ours, on this machine or another, are not among them. */
export type Clients = ReadonlyMap<string, ClientPresence>;

/** What a resource of ours begins with: no other machine's HipStatus is taken for the person. */
export const RESOURCE_PREFIX = 'hipstatus-';

const STATES: Readonly<Record<Show, PresenceState>> = { chat: 'available', dnd: 'dnd', away: 'away', xa: 'away' };

export function toClient({ show, status, priority, isIdle }: PresenceStanza): ClientPresence {
  const state = STATES[show ?? 'chat'];
  return { show: show ?? null, state, text: status, priority, isAutomatic: state === 'away' && isIdle };
}

/** Between clients of one priority: the one that says more. */
const RANK: Partial<Record<PresenceState, number>> = { dnd: 2, available: 1 };

/** The client that speaks for the person: the one with the highest priority (RFC 6121 section 4.7.2.3). */
export function speaker(clients: Clients): ClientPresence | null {
  const rank = ({ state, isAutomatic }: ClientPresence) => (RANK[state] ?? 0) + (isAutomatic ? 0 : 0.5);
  const order = [...clients.values()].sort((a, b) => b.priority - a.priority || rank(b) - rank(a));
  return order[0] ?? null;
}

/** What the person's clients show by themselves. */
export function toReading(clients: Clients): ChatReading {
  const shown = speaker(clients);
  return {
    presence: { state: shown?.state ?? 'offline', text: shown?.text ?? '', emoji: '', until: null },
    isAutomatic: shown?.isAutomatic ?? false,
    profileTimeZone: null,
  };
}

/** What is shown while we say something: ours. */
export const ownReading = (presence: Presence): ChatReading => ({
  presence,
  isAutomatic: false,
  profileTimeZone: null,
});

const SHOWS: Partial<Record<PresenceState, Show>> = { dnd: 'dnd', away: 'away' };

/** What we say for `presence`. */
export const toSaying = ({ state, text }: Presence): Saying => ({ show: SHOWS[state] ?? null, text });

/**
 * What we say while we have nothing to say: the same as the person's clients, so that nobody sees a difference. Without
 * any, that the person is away for long: a server tells of clients that come only to resources that are there themselves.
 */
export const resting = (clients: Clients): Saying => {
  const shown = speaker(clients);
  return shown === null ? { show: 'xa', text: '' } : { show: shown.show, text: shown.text };
};

/** Characters that no XML document may hold (XML 1.0 section 2.2): a server ends the whole stream for one of them. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A text as it arrives at the other end. */
export const xmlText = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(NOT_XML, '');

/**
 * What we shall say for `wanted`, over what the clients show; null when they say so by themselves. A state that XMPP has
 * no word for stays as it is.
 * @param before the state that was shown when it was decided
 */
export function toSay(wanted: Presence, before: PresenceState, clients: Clients): Presence | null {
  const state = XMPP_CAPABILITIES.states.includes(wanted.state) ? wanted.state : before;
  const text = xmlText(wanted.text);
  const shown = speaker(clients);
  // Idling is nobody's word: given back as available, it is left to the client.
  const isShown = shown?.state === state || (shown?.isAutomatic === true && state === 'available');
  return isShown && shown?.text === text ? null : { state, text, emoji: '', until: null };
}

const isPlain = ({ state, text }: ClientPresence): boolean => state === 'available' && text === '';
const says = (a: Pick<ClientPresence, 'state' | 'text'>, b: Pick<ClientPresence, 'state' | 'text'>): boolean =>
  a.state === b.state && a.text === b.text;

/** What the clients said when we spoke; one that idled then had said nothing. */
export const saidBy = (clients: Clients): Clients => new Map([...clients].filter(([, client]) => !client.isAutomatic));

/**
 * Whether the person has said something in one of their clients since. Idling, coming back from it, going, and coming
 * online as before or with nothing to say are no word.
 * @param before what they had said (`saidBy`)
 */
export function isPersonsWord(before: Clients, clients: Clients): boolean {
  const known = [...before.values()];
  return [...clients].some(([resource, client]) => {
    if (client.isAutomatic) return false;
    const own = before.get(resource);
    if (own !== undefined) return !says(own, client);
    return !isPlain(client) && !known.some((other) => says(other, client));
  });
}
