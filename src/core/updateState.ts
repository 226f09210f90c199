import { z } from 'zod';

/**
 * What the app does about new versions of itself.
 * - `off`: nothing
 * - `notify`: looks for them and says so; loads and installs one when the person asks for it
 * - `install`: does that by itself, at a quiet time
 */
export const UPDATE_MODES = ['off', 'notify', 'install'] as const;

export const UPDATE_CHANNELS = ['stable', 'beta'] as const;
export type UpdateChannel = (typeof UPDATE_CHANNELS)[number];

/** A piece of what is new: the heading of a version or section, a paragraph, an item of a list. Plain text, never markup. */
const noteBlock = z.object({ kind: z.enum(['heading', 'text', 'item']), text: z.string() });
export type NoteBlock = Readonly<z.infer<typeof noteBlock>>;

const version = z.string();
const notes = z.array(noteBlock).readonly();

/**
 * How it stands with updates.
 * - `off`: why nothing is looked for: nobody has named a place to look at, it is switched off, or this kind of installation is
 *   updated by whoever installed it
 * - `idle`: nothing newer; `lookedAt` is null before the first look
 * - `available`: a newer version waits for the person's word
 * - `ready`: it is here and verified. `waitsFor` says what is waited for before it is installed; null for the person's word
 * - `installing`: the app is about to restart
 * - `failed`: the last look, download or installation; `reason` is finer than `code`. It is tried again by itself, except for an
 *   installation
 */
export const updateState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off'), why: z.enum(['noFeed', 'mode', 'unsupported']) }),
  z.object({ kind: z.literal('idle'), lookedAt: z.number().nullable() }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('available'), version, notes }),
  z.object({ kind: z.literal('downloading'), version, notes, percent: z.number() }),
  z.object({ kind: z.literal('ready'), version, notes, waitsFor: z.enum(['meeting', 'quiet']).nullable() }),
  z.object({ kind: z.literal('installing'), version }),
  z.object({ kind: z.literal('failed'), code: z.string(), reason: z.string().nullable(), version: version.nullable() }),
]);

export type UpdateState = Readonly<z.infer<typeof updateState>>;

/** What went wrong with an update, as far as the words for it differ. The rest is told by the network's reason or the code. */
export const UPDATE_FAULTS = [
  'noFeedFile',
  'feed',
  'checksum',
  'signature',
  'insecure',
  'stalled',
  'notInstalled',
  'diskFull',
  'noAccess',
] as const;
export type UpdateFault = (typeof UPDATE_FAULTS)[number];

export const isUpdateFault = (reason: string | null): reason is UpdateFault =>
  reason !== null && (UPDATE_FAULTS as readonly string[]).includes(reason);
