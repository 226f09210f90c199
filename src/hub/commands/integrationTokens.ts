import { AppError } from '../../core/appError.ts';

/** Global tokens by name, and by the number of a room its tokens by name: what scripts get as `allTokens`. */
export type AllTokens = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export interface IntegrationTokens {
  readonly all: AllTokens;
  /** The room's token for that integration, else the global one of its name; null for none. */
  tokenOf(name: string, room: string | null): string | null;
  /** `text` without any of the tokens: for logs. */
  hide(text: string): string;
}

const NAME = /^[\w-]{1,64}$/;
const ROOM = /^\d{1,20}$/;
/** A shorter value would be hidden in words that have nothing to do with it. */
const SHORTEST_HIDDEN = 4;

const FORMS = 'NAME:VALUE, or ROOM:NAME:VALUE with the number of a room';

interface Token {
  readonly room: string | null;
  readonly name: string;
  readonly value: string;
}

function tokenOf(text: string, place: number): Token {
  const [first = '', second = '', ...rest] = text.split(':');
  const isOfRoom = rest.length > 0 && ROOM.test(first);
  const token = isOfRoom
    ? { room: first, name: second.toLowerCase(), value: rest.join(':') }
    : { room: null, name: first.toLowerCase(), value: [second, ...rest].join(':') };
  if (NAME.test(token.name) && token.value !== '') return token;
  throw new AppError('invalidInput', `Token ${place} of the integrations is not right: it is ${FORMS}.`);
}

/** Reads the tokens, with white space or commas between them. Throws `invalidInput` that says which, never its value. */
export function readIntegrationTokens(text: string): IntegrationTokens {
  const tokens = text
    .split(/[\s,]+/)
    .filter((one) => one !== '')
    .map((one, index) => tokenOf(one, index + 1));
  const globals = new Map<string, string>();
  const rooms = new Map<string, Map<string, string>>();
  for (const { room, name, value } of tokens) {
    const within = room === null ? globals : (rooms.get(room) ?? new Map<string, string>());
    if (within.has(name)) {
      throw new AppError(
        'invalidInput',
        `There are two tokens ${room === null ? '' : `${room}:`}${name}. Leave one out.`,
      );
    }
    within.set(name, value);
    if (room !== null) rooms.set(room, within);
  }
  for (const room of rooms.keys()) {
    if (globals.has(room))
      throw new AppError('invalidInput', `${room} is a token's name and a room. Give the token another name.`);
  }
  const values = [...new Set(tokens.map(({ value }) => value))]
    .filter(({ length }) => length >= SHORTEST_HIDDEN)
    // A token may begin as another does.
    .sort((a, b) => b.length - a.length);
  return {
    all: Object.fromEntries([
      ...globals,
      ...[...rooms].map(([room, within]) => [room, Object.fromEntries(within)] as const),
    ]),
    tokenOf: (name, room) => (room === null ? undefined : rooms.get(room)?.get(name)) ?? globals.get(name) ?? null,
    hide: (shown) => values.reduce((hidden, value) => hidden.replaceAll(value, '[token]'), shown),
  };
}
