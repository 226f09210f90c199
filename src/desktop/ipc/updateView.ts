import { z } from 'zod';
import { UPDATE_CHANNELS, UPDATE_MODES, updateState } from '../../core/updateState.ts';

/** All that a window shows of updates; the words are the window's. */
export const updateView = z.object({
  /** The version that runs. */
  version: z.string(),
  state: updateState,
  mode: z.enum(UPDATE_MODES),
  channel: z.enum(UPDATE_CHANNELS),
  /** What the organisation has set. */
  locked: z.object({ mode: z.boolean(), channel: z.boolean() }),
});

export type UpdateView = Readonly<z.infer<typeof updateView>>;

/** What the person asks for there. */
export const updateAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('look') }),
  z.object({ kind: z.literal('install') }),
  z.object({ kind: z.literal('mode'), mode: z.enum(UPDATE_MODES) }),
  z.object({ kind: z.literal('channel'), channel: z.enum(UPDATE_CHANNELS) }),
]);

export type UpdateAction = Readonly<z.infer<typeof updateAction>>;
