import { z } from 'zod';

const optional = z.string().min(1).optional();
const number = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** The commands' part of the hub's settings. Without `HUB_INTEGRATIONS` there are none. */
export const commandShape = {
  HUB_INTEGRATIONS: optional.describe(
    'The folder of the scripts for chat commands; see [commands](commands.md). Also `--integrations`.',
  ),
  HUB_INTEGRATION_TOKENS: optional.describe(
    'Tokens for scripts, with spaces, commas or lines between: `NAME:VALUE` or `ROOM:NAME:VALUE`. Also `--token`.',
  ),
  HUB_INTEGRATIONS_SECRET: z
    .string()
    .trim()
    .regex(/^[\w.~-]{16,200}$/, 'has 16 to 200 letters, digits, "_", ".", "~" and "-"')
    .optional()
    .describe(
      'What the address of room messages ends in, `/integrations/SECRET`. Without it only this machine may send them.',
    ),
  HUB_INTEGRATION_SECONDS: number(10, 1, 300).describe('Seconds that one run of a script may take.'),
  HUB_INTEGRATION_MEMORY: number(64, 16, 4_096).describe(
    'MiB that one run may have on its heap, and again in buffers.',
  ),
  HUB_INTEGRATION_PARALLEL: number(4, 1, 64).describe('Runs at once.'),
  HUB_OLD_STORAGE_COMMANDS: z
    .enum(['0', '1', 'true', 'false'])
    .default('0')
    .transform((value) => value === '1' || value === 'true')
    .describe(
      'Takes room messages at `POST /` too, and `save FILE`, `load FILE` and `erase` as its body, from this machine or with an admin token.',
    ),
};
