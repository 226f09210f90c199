import { z } from 'zod';
import { providerName } from '../../core/accounts.ts';
import { draftSchema } from '../../core/draft.ts';
import { promptSchema } from '../../core/prompt.ts';
import { LANGUAGES } from '../../core/texts.ts';
import { dayPictureSchema } from './dayPicture.ts';
import { PREFERENCES_TABS } from './preferencesTabs.ts';
import { speech } from './speech.ts';
import { updateAction, updateView } from './updateView.ts';

/** Of an account. */
const accountId = z.string().min(1).max(200);

const abilityWords = z.object({ can: z.array(z.string()).readonly(), cannot: z.array(z.string()).readonly() });
const fault = z.object({ code: z.string(), reason: z.string().nullable(), message: z.string() });

/** How one account has answered when it was tried. */
const trial = z.object({
  isRunning: z.boolean(),
  /** Null while it runs for the first time. */
  at: z.number().nullable(),
  error: fault.nullable(),
  /** Events of the next hour, of a calendar. */
  events: z.number().nullable(),
});

const account = z.object({
  id: z.string(),
  kind: z.enum(['calendar', 'chat']),
  label: z.string(),
  /** How it stands, in a few words. */
  state: z.string(),
  tone: z.enum(['good', 'bad', 'none']),
  /** What the service has said, in full. */
  message: z.string().nullable(),
  /** On the button that mends it; null where there is nothing to press. */
  fix: z.string().nullable(),
  /** When a calendar was read last; null for never, and for chats. */
  lastReadAt: z.number().nullable(),
  /** On the button that gives it a new secret or sign-in; null where `fix` does that. */
  renew: z.string().nullable(),
  choosesCalendars: z.boolean(),
  abilities: abilityWords,
  trial: trial.nullable(),
});

const chat = z.object({ id: z.string(), label: z.string(), textLimit: z.number(), emoji: z.boolean() });

/** A value that the organisation has set; null where it is not shown. */
const managedKey = z.object({
  path: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable(),
});

/** All that the window shows: plain data, pushed anew at every change. */
export const preferencesView = z.object({
  speech,
  zone: z.string(),
  /** The tab that was asked for, and by the how manieth asking: a new number turns to it. */
  tab: z.object({ name: z.enum(PREFERENCES_TABS), asked: z.number() }),
  accounts: z.array(account),
  /** Of which an account can be added. */
  addable: z.array(z.object({ provider: providerName, kind: z.enum(['calendar', 'chat']), name: z.string() })),
  chats: z.array(chat),
  lastSyncAt: z.number().nullable(),
  isSyncing: z.boolean(),
  /** The rules and messages that hold. */
  saved: draftSchema,
  general: z.object({
    email: z.string(),
    launchAtLogin: z.boolean(),
    onQuit: z.enum(['restore', 'leave']),
    language: z.enum(['system', ...LANGUAGES]),
    refreshMinutes: z.number(),
    notifications: z.object({ status: z.boolean(), problems: z.boolean() }),
  }),
  updates: updateView,
  /** Dotted paths of the keys that the organisation has set. */
  locked: z.array(z.string()),
  managed: z.object({
    name: z.string(),
    because: z.string(),
    helpDesk: z.string(),
    keys: z.array(managedKey),
  }),
});

/** A draft, and the rules and messages that it began with. */
export const preferencesDraft = z.object({ base: draftSchema, mine: draftSchema });

const sample = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('showAs'),
    showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']),
  }),
  z.object({ kind: z.literal('category'), index: z.int().min(0).max(500) }),
  z.object({ kind: z.literal('next') }),
]);

const preview = z.object({
  event: z.object({ subject: z.string(), start: z.number(), end: z.number() }).nullable(),
  counts: z.boolean(),
  chats: z
    .array(
      z.object({
        id: z.string(),
        state: z.enum(['available', 'busy', 'dnd', 'away', 'offline']).nullable(),
        text: z.string(),
        whole: z.string(),
        length: z.number(),
        limit: z.number(),
        emoji: z.string(),
        until: z.number().nullable(),
        silent: z
          .array(
            z.object({
              mark: z.enum(['until', 'subject', 'location']),
              silence: z.enum(['notAllowed', 'sensitive', 'several', 'empty']),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
});

export const preferencesTry = z.object({ draft: preferencesDraft.nullable(), sample });

/** What comes of a draft. */
export const preferencesTried = z.object({
  faults: z.array(
    z.object({
      path: z.string(),
      code: z.enum(['minutes', 'time', 'order', 'name', 'long', 'many', 'other']),
      most: z.number().nullable(),
      message: z.string(),
    }),
  ),
  /** Today as it is and as it would be, and the preview; null while something is wrong with the draft. */
  outcome: z.object({ before: dayPictureSchema, day: dayPictureSchema, preview }).nullable(),
});

const change = z.strictObject({
  launchAtLogin: z.boolean().optional(),
  onQuit: z.enum(['restore', 'leave']).optional(),
  language: z.enum(['system', ...LANGUAGES]).optional(),
  refreshMinutes: z.int().min(1).max(5).optional(),
  notifications: z.strictObject({ status: z.boolean().optional(), problems: z.boolean().optional() }).optional(),
});

/** What the window's buttons ask for. What can't be done is answered with an error. */
export const preferencesAction = z.discriminatedUnion('kind', [
  /** The person has turned to another tab. */
  z.object({ kind: z.literal('tab'), tab: z.enum(PREFERENCES_TABS) }),
  z.object({ kind: z.literal('set'), change }),
  z.object({ kind: z.literal('prompt'), prompt: promptSchema }),
  z.object({ kind: z.literal('move'), account: accountId, by: z.union([z.literal(-1), z.literal(1)]) }),
  /** What the person can do about an account's error. */
  z.object({ kind: z.literal('fix'), account: accountId }),
  z.object({ kind: z.literal('test'), account: accountId }),
  z.object({ kind: z.literal('save'), draft: preferencesDraft }),
  z.object({ kind: z.literal('discard') }),
  z.object({ kind: z.literal('update'), action: updateAction }),
  z.object({ kind: z.literal('testNotice') }),
  z.object({ kind: z.literal('openLog') }),
  z.object({ kind: z.literal('checkConnections') }),
  z.object({ kind: z.literal('helpDesk') }),
  /** As the window's own button for it: something unsaved is asked about first. */
  z.object({ kind: z.literal('close') }),
]);

export type PreferencesView = Readonly<z.infer<typeof preferencesView>>;
export type PreferencesAccount = PreferencesView['accounts'][number];
export type PreferencesDraft = Readonly<z.infer<typeof preferencesDraft>>;
export type PreferencesTry = Readonly<z.infer<typeof preferencesTry>>;
export type PreferencesTried = Readonly<z.infer<typeof preferencesTried>>;
export type PreferencesAction = Readonly<z.infer<typeof preferencesAction>>;
export type PreferencesChange = Readonly<z.infer<typeof change>>;
