import { z } from 'zod';
import type { Returned } from './protocol.ts';

export const COLORS = ['yellow', 'green', 'red', 'purple', 'gray', 'random'] as const;

/** What a room is told, in the form of HipChat's notifications (API v2, "Send room notification"). */
export interface Reply {
  /** 1 to 10,000 characters. */
  readonly message: string;
  readonly message_format: 'text' | 'html';
  readonly color: (typeof COLORS)[number];
  /** Whether people hear of it. */
  readonly notify: boolean;
  /** A card of HipChat, as the script made it. */
  readonly card?: Readonly<Record<string, unknown>>;
}

export const MESSAGE_LIMIT = 10_000;

const returnedSchema = z.object({
  message: z.string().min(1).max(MESSAGE_LIMIT),
  // HipChat's default is html: from a script that does not ask for it, nothing is markup.
  message_format: z.enum(['text', 'html']).default('text'),
  color: z.enum(COLORS).default('yellow'),
  notify: z.boolean().default(false),
  card: z
    .string()
    .transform((json, context) => {
      try {
        return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
      } catch {
        context.addIssue({ code: 'custom', message: 'is no object, or too large' });
        return z.NEVER;
      }
    })
    .optional(),
});

/** What a script returned as a reply, or in words what is wrong with it. */
export function replyOf(returned: Returned): Reply | string {
  const parsed = returnedSchema.safeParse(returned);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `what it returned is not right in ${issue?.path.join('.')}: ${issue?.message}`;
  }
  const { card, ...rest } = parsed.data;
  return card === undefined ? rest : { ...rest, card };
}

const said =
  (color: Reply['color']) =>
  (message: string): Reply => ({
    message: message.length > MESSAGE_LIMIT ? `${message.slice(0, MESSAGE_LIMIT - 1)}…` : message,
    message_format: 'text',
    color,
    notify: false,
  });

/** Something went wrong. */
export const trouble = said('red');
/** How to use a command. */
export const hint = said('yellow');
