import { z } from 'zod';
import type { ChatAccount } from './accounts.ts';
import { MINUTES, WORDED } from './draftKeys.ts';
import { effect, MOST_MINUTES, type Rules } from './rules.ts';
import type { Settings } from './settings.ts';
import { WEEKDAYS, type WorkingHours } from './workingHours.ts';

/** Longer is cut nowhere and refused at the door; what is too long for a setting is less, and said at its field. */
const typed = z.string().max(10_000);
/** Null: as everywhere. */
const ownText = typed.nullable();
const ownWords = z.object({ text: ownText, emoji: ownText });

/** More than anybody has. */
const MOST_CHATS = 200;

const chatDraft = z.object({
  shows: z.object({ state: z.boolean(), text: z.boolean() }),
  /** Empty: as everywhere. */
  as: z.object({
    dnd: z.union([effect, z.literal('')]),
    busy: z.union([effect, z.literal('')]),
    away: z.union([effect, z.literal('')]),
  }),
  words: z.object({ statusMessage: ownText, statusEmoji: ownText, oofMessage: ownText, oofEmoji: ownText }),
});

const stretches = z.array(z.object({ from: typed, to: typed })).max(50);

/**
 * Rules and messages as they are typed: values that no setting can have are in it too, so that nothing of it is lost while
 * it is mended. Numbers are texts.
 */
export const draftSchema = z.object({
  statusMessage: typed,
  statusEmoji: typed,
  oofMessage: typed,
  oofEmoji: typed,
  privacy: z.object({ subject: z.boolean(), location: z.boolean() }),
  showAs: z.object({
    free: effect,
    tentative: effect,
    busy: effect,
    oof: effect,
    workingElsewhere: effect,
    unknown: effect,
  }),
  words: z.object({
    free: ownWords,
    tentative: ownWords,
    busy: ownWords,
    workingElsewhere: ownWords,
    unknown: ownWords,
  }),
  categories: z.array(ownWords.extend({ name: typed, effect })).max(500),
  workingHours: z
    .object({
      monday: stretches,
      tuesday: stretches,
      wednesday: stretches,
      thursday: stretches,
      friday: stretches,
      saturday: stretches,
      sunday: stretches,
    })
    .nullable(),
  leadMinutes: typed,
  tailMinutes: typed,
  minimumMinutes: typed,
  bridgeMinutes: typed,
  allDay: z.enum(['never', 'oof', 'always']),
  soloEvents: z.boolean(),
  notResponded: z.boolean(),
  ownText: z.enum(['keep', 'replace']),
  /** By the account's id. */
  chats: z.record(z.string().max(200), chatDraft).refine((chats) => Object.keys(chats).length <= MOST_CHATS),
});

export type Draft = Readonly<z.infer<typeof draftSchema>>;
export type ChatDraft = Draft['chats'][string];
export type CategoryDraft = Draft['categories'][number];
export type OwnWordsDraft = Readonly<z.infer<typeof ownWords>>;

const CHAT_WORDS = ['statusMessage', 'statusEmoji', 'oofMessage', 'oofEmoji'] as const;
const COUNTED = ['dnd', 'busy', 'away'] as const;

const mapped = <Key extends string, Value>(keys: readonly Key[], of: (key: Key) => Value) =>
  Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, Value>;

const chatDraftOf = ({ words, shows, as }: ChatAccount): ChatDraft => ({
  shows: { state: shows?.state ?? true, text: shows?.text ?? true },
  as: mapped(COUNTED, (key) => as?.[key] ?? ''),
  words: mapped(CHAT_WORDS, (key) => words?.[key] ?? null),
});

/** The settings as a form shows them. */
export function draftOf({ rules, chats, privacy, ...settings }: Settings): Draft {
  return {
    statusMessage: settings.statusMessage,
    statusEmoji: settings.statusEmoji,
    oofMessage: settings.oofMessage,
    oofEmoji: settings.oofEmoji,
    privacy,
    showAs: rules.showAs,
    words: mapped(WORDED, (key) => ({
      text: rules.words[key]?.text ?? null,
      emoji: rules.words[key]?.emoji ?? null,
    })),
    categories: rules.categories.map(({ name, effect: becomes, text = null, emoji = null }) => {
      return { name, effect: becomes, text, emoji };
    }),
    workingHours: rules.workingHours,
    ...mapped(MINUTES, (key) => String(rules[key])),
    allDay: rules.allDay,
    soloEvents: rules.soloEvents,
    notResponded: rules.notResponded,
    ownText: rules.ownText,
    chats: Object.fromEntries(chats.map((chat) => [chat.id, chatDraftOf(chat)])),
  };
}

/** A number as it was typed; what is none stays a text, which no setting takes. */
const numberOf = (text: string): number => (/^\s*\d{1,6}\s*$/.test(text) ? Number(text) : (text as unknown as number));

const wordsOf = ({ text, emoji }: OwnWordsDraft) => ({
  ...(text === null ? {} : { text }),
  ...(emoji === null ? {} : { emoji }),
});

const weekOf = (week: Draft['workingHours']): WorkingHours | null => {
  if (week === null) return null;
  // A stretch that nobody has filled in is none.
  return mapped(WEEKDAYS, (day) => week[day].filter(({ from, to }) => from !== '' || to !== ''));
};

function rulesOf(draft: Draft): Rules {
  const own = WORDED.map((key) => [key, wordsOf(draft.words[key])] as const);
  return {
    showAs: draft.showAs,
    categories: draft.categories.map(({ name, effect: becomes, ...words }) => {
      return { name: name.trim(), effect: becomes, ...wordsOf(words) };
    }),
    words: Object.fromEntries(own.filter(([, words]) => Object.keys(words).length > 0)),
    workingHours: weekOf(draft.workingHours) as Rules['workingHours'],
    ...mapped(MINUTES, (key) => numberOf(draft[key])),
    allDay: draft.allDay,
    soloEvents: draft.soloEvents,
    notResponded: draft.notResponded,
    ownText: draft.ownText,
  };
}

/** A chat with its differences; what is as everywhere is not written down. */
function chatWith(chat: ChatAccount, draft: ChatDraft | undefined): ChatAccount {
  if (draft === undefined) return chat;
  const { words: _words, shows: _shows, as: _as, ...account } = chat;
  const words = Object.entries(draft.words).filter(([, text]) => text !== null);
  const as = Object.entries(draft.as).filter(([, becomes]) => becomes !== '');
  return {
    ...account,
    ...(words.length === 0 ? {} : { words: Object.fromEntries(words) }),
    ...(draft.shows.state && draft.shows.text ? {} : { shows: draft.shows }),
    ...(as.length === 0 ? {} : { as: Object.fromEntries(as) }),
  } as ChatAccount;
}

/** The settings as they would be. They may hold what no setting can have: see `draftFaults`. */
export function settingsWith(draft: Draft, settings: Settings): Settings {
  const { statusMessage, statusEmoji, oofMessage, oofEmoji, privacy } = draft;
  return {
    ...settings,
    ...{ statusMessage, statusEmoji, oofMessage, oofEmoji, privacy },
    rules: rulesOf(draft),
    chats: settings.chats.map((chat) => chatWith(chat, draft.chats[chat.id])),
  };
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * What has to be written so that the settings become those of the draft: nothing that is as it was, so that what the person
 * never touched goes on following their organisation. Laid over what is there (`SettingsStore.update`).
 */
export function changeOf(draft: Draft, settings: Settings): Partial<Settings> {
  const [before, after] = [draftOf(settings), settingsWith(draft, settings)];
  const part = <Key extends keyof Settings>(key: Key): Partial<Settings> =>
    isSame(settings[key], after[key]) ? {} : { [key]: after[key] };
  const changed = <T extends object>(was: T, becomes: T): Partial<T> =>
    Object.fromEntries(
      Object.entries(becomes).filter(([key, value]) => !isSame(value, was[key as keyof T])),
    ) as Partial<T>;
  const { words: _, ...rules } = changed(rulesOf(before), rulesOf(draft));
  const words = changed(before.words, draft.words);
  const all = {
    ...rules,
    ...(rules.showAs === undefined ? {} : { showAs: changed(before.showAs, draft.showAs) }),
    // Laid over what is there, a key that is not named would stay.
    ...(Object.keys(words).length === 0 ? {} : { words: mappedWords(words) }),
  };
  const chats = settings.chats.some(
    (chat) => !isSame(before.chats[chat.id], draft.chats[chat.id] ?? before.chats[chat.id]),
  );
  const privacy = changed(before.privacy, draft.privacy);
  return {
    ...part('statusMessage'),
    ...part('statusEmoji'),
    ...part('oofMessage'),
    ...part('oofEmoji'),
    ...(Object.keys(privacy).length === 0 ? {} : { privacy: privacy as Settings['privacy'] }),
    ...(Object.keys(all).length === 0 ? {} : { rules: all as unknown as Rules }),
    ...(chats ? { chats: after.chats } : {}),
  };
}

const mappedWords = (words: Partial<Draft['words']>) =>
  Object.fromEntries(
    Object.entries(words).map(([key, { text, emoji }]) => [
      key,
      { text: text ?? undefined, emoji: emoji ?? undefined },
    ]),
  );

/** The greatest number that a field of minutes takes; null for other fields. */
export const mostMinutes = (path: string): number | null =>
  Object.hasOwn(MOST_MINUTES, path) ? MOST_MINUTES[path as keyof typeof MOST_MINUTES] : null;
