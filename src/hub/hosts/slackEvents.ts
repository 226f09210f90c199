import { z } from 'zod';
import type { HostCommand } from './message.ts';
import { readSlackText } from './slackText.ts';

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);
const eventSchema = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  user: id.optional(),
  /** Of who wrote it, where that is another workspace's. */
  user_team: id.optional(),
  channel: id.optional(),
  ts: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  thread_ts: z.string().optional(),
});
const outerSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(1_000) }),
  z.looseObject({
    type: z.literal('event_callback'),
    team_id: id,
    event_id: z.string().regex(/^\w{1,60}$/),
    authorizations: z.array(z.looseObject({ user_id: id.optional(), is_bot: z.boolean().optional() })).default([]),
    event: eventSchema,
  }),
  z.looseObject({ type: z.literal('app_rate_limited') }),
]);

export type SlackEvent =
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Nothing for us to do. */
  | { readonly kind: 'other' }
  | {
      readonly kind: 'command';
      readonly team: string;
      readonly command: Omit<HostCommand, 'at' | 'profile'>;
      /** The names under which it may come again. */
      readonly keys: readonly string[];
      readonly thread: string | null;
      /** The bot was named: it answers also what it does not know. */
      readonly isAsked: boolean;
    };

const OTHER = { kind: 'other' } as const;

/** A mention of somebody at the beginning. */
const MENTION = /^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*/;
const COMMAND = /^\s*(\/?)([a-z0-9_-]{1,64})(?:\s+([\s\S]*))?$/i;

/** What an event asks for; null for what is no event. Messages of bots ask for nothing, ours among them. */
export function meantEvent(body: unknown): SlackEvent | null {
  const parsed = outerSchema.safeParse(body);
  if (!parsed.success) return null;
  const outer = parsed.data;
  if (outer.type === 'url_verification') return { kind: 'challenge', challenge: outer.challenge };
  if (outer.type === 'app_rate_limited') return OTHER;
  const { event, team_id: team, event_id, authorizations } = outer;
  const { type, subtype, bot_id, user, channel, ts } = event;
  const isMessage = type === 'message' || type === 'app_mention';
  if (!isMessage || subtype !== undefined || bot_id !== undefined) return OTHER;
  if (user === undefined || channel === undefined || ts === undefined) return OTHER;

  const [start, mentioned] = MENTION.exec(event.text) ?? [];
  const bots = authorizations.filter(({ is_bot }) => is_bot === true).map(({ user_id }) => user_id);
  const isAsked = mentioned !== undefined && (type === 'app_mention' || bots.includes(mentioned));
  const [, slash, name, rest = ''] = COMMAND.exec(isAsked ? event.text.slice(start?.length) : event.text) ?? [];
  if (name === undefined || (slash === '' && !isAsked)) return OTHER;
  const { text, mentions } = readSlackText(rest, team);
  return {
    kind: 'command',
    team,
    isAsked,
    thread: event.thread_ts ?? null,
    // A message with a mention comes as two events.
    keys: [`slack/event/${event_id}`, `slack/message/${team}/${channel}/${ts}`],
    command: {
      service: 'slack',
      team,
      room: { id: channel, name: null },
      sender: { id: user, name: null },
      identity: `${event.user_team ?? team}:${user}`,
      name: name.toLowerCase(),
      query: text.trim(),
      mentions,
      messageId: ts,
    },
  };
}
