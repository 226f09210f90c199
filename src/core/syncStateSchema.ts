import { z } from 'zod';
import { calendarName, chatName } from './accounts.ts';
import { ERROR_CODES, type ErrorInfo } from './appError.ts';
import type { ChatCapabilities } from './presence.ts';
import { promptSchema } from './prompt.ts';
import type { SyncState } from './syncState.ts';

export const errorCode = z.enum(ERROR_CODES);

const error = z
  .object({
    code: errorCode,
    message: z.string(),
    reason: z.string().nullable(),
    since: z.number(),
    tries: z.number(),
  })
  .nullable() satisfies z.ZodType<ErrorInfo | null>;

export const presenceState = z.enum(['available', 'busy', 'dnd', 'away', 'offline']);

const capabilities = z.object({
  states: z.array(presenceState).readonly(),
  textLimit: z.number(),
  emoji: z.boolean(),
  expires: z.boolean(),
  stateExpires: z.boolean(),
  oneStatus: z.boolean(),
  profileTimeZone: z.boolean(),
  endsWithConnection: z.boolean().exactOptional(),
  textSetsState: z.boolean().exactOptional(),
}) satisfies z.ZodType<ChatCapabilities>;

/** The state as the running app publishes it for the command line. */
export const syncStateSchema = z.object({
  phase: z.enum(['starting', 'setup', 'running', 'paused']),
  missing: promptSchema.nullable(),
  pausedUntil: z.union([z.number(), z.literal('forever')]).nullable(),
  now: z.object({ state: presenceState.nullable(), until: z.number().nullable() }).nullable(),
  next: z.object({ state: presenceState.nullable(), at: z.number() }).nullable(),
  chats: z
    .array(
      z.object({
        id: z.string(),
        provider: chatName,
        label: z.string(),
        status: z.enum(['ok', 'handsOff', 'offline', 'failing']),
        claimed: z.boolean(),
        capabilities,
        error,
      }),
    )
    .readonly(),
  calendars: z
    .array(
      z.object({
        id: z.string(),
        provider: calendarName,
        label: z.string(),
        health: z.enum(['ok', 'stale', 'unknown']),
        lastReadAt: z.number().nullable(),
        error,
      }),
    )
    .readonly(),
  trouble: error,
  lastSyncAt: z.number().nullable(),
  syncing: z.boolean(),
}) satisfies z.ZodType<SyncState>;
