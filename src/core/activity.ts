import { z } from 'zod';
import { type ProviderName, providerName } from './accounts.ts';
import { errorCode, presenceState } from './syncStateSchema.ts';
import { WHY_KINDS } from './why.ts';

const at = z.number();

/** An id that HipStatus makes, or one like it; an id that a person or organisation has typed may be an address. */
const PLAIN_ID = /^[a-z][a-z0-9]{1,20}(-[a-z0-9]{1,12}){0,2}$/;
/** Names in code, and paths of fields; whatever else a service calls a reason may hold what is nobody's business. */
const PLAIN_REASON = /^[A-Za-z][A-Za-z_]{0,39}([.:]([A-Za-z][A-Za-z_]{0,39}|\d{1,4}))*$/;
const PLAIN_KEY = /^[A-Za-z]{1,40}(\.[A-Za-z]{1,40})?$/;

/** An account as it is kept: by its id, never by its label, which may hold an address. */
const account = z.object({ id: z.string().regex(PLAIN_ID), provider: providerName });
export type ActivityAccount = Readonly<z.infer<typeof account>>;

/** @param id where it is not plain, the provider's name takes its place */
export const activityAccount = (id: string, provider: ProviderName): ActivityAccount => ({
  id: PLAIN_ID.test(id) ? id : provider,
  provider,
});

/** The reason of an error, where it is a plain name. */
export const activityReason = (reason: string | null): string | null =>
  reason !== null && reason.length <= 80 && PLAIN_REASON.test(reason) ? reason : null;

export const isActivityKey = (key: string): boolean => PLAIN_KEY.test(key);

/** Where the person has said it: in the menu or a window, or with a command in a hub. */
const by = z.enum(['app', 'hub']);

/**
 * One line of the Activity: when, and what happened. Codes, instants and numbers only: no subject, text, place, address,
 * token or name is ever in it, and the schema lets none in.
 */
export const activityEntry = z.discriminatedUnion('kind', [
  /** What the rules have decided, when it is another thing than before. */
  z.object({
    kind: z.literal('decision'),
    at,
    why: z.enum(WHY_KINDS),
    state: z.enum(['dnd', 'busy', 'away']).nullable(),
    until: z.number().nullable(),
    events: z.int().min(0),
  }),
  /** A chat was written, or given back what was there before. */
  z.object({ kind: z.literal('written'), at, account, what: z.enum(['set', 'restore']), state: presenceState }),
  /** A chat is left as the person has set it, or because they are offline there; `followed`: no more. */
  z.object({ kind: z.literal('left'), at, account, what: z.enum(['handsOff', 'offline', 'followed']) }),
  /** A calendar could not be read, or a chat not be brought up to date. */
  z.object({
    kind: z.literal('failed'),
    at,
    account,
    code: errorCode,
    reason: z.string().max(80).regex(PLAIN_REASON).nullable(),
  }),
  z.object({ kind: z.literal('recovered'), at, account }),
  /** What the person has said. `count`: of the meetings that do not count. */
  z.object({
    kind: z.literal('word'),
    at,
    by,
    what: z.enum(['pause', 'resume', 'busy', 'notBusy', 'notFor']),
    until: z.number().nullable(),
    count: z.int().min(0),
  }),
  /** Settings were changed: their keys, not their values. */
  z.object({ kind: z.literal('settings'), at, keys: z.array(z.string().regex(PLAIN_KEY)).max(60) }),
  z.object({
    kind: z.literal('program'),
    at,
    what: z.enum(['start', 'stop', 'wake', 'unlock', 'online', 'zoneChange', 'clockJump']),
  }),
]);

export type ActivityEntry = Readonly<z.infer<typeof activityEntry>>;
export type ActivityKind = ActivityEntry['kind'];
