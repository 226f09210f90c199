import type { Instant } from '../../core/time.ts';
import type { ChatProfile, Mention } from '../addons/calls.ts';
import type { Delivery } from '../addons/deliveries.ts';
import type { notificationOf } from '../addons/messages.ts';

export type HostService = 'slack' | 'mattermost';

/** A command that somebody gave in a chat that is not HipChat. */
export interface HostCommand {
  readonly service: HostService;
  /** The workspace or team; its id there. */
  readonly team: string;
  readonly room: { readonly id: string; readonly name: string | null };
  readonly sender: { readonly id: string; readonly name: string | null };
  /** Who it is, as the identities of the hub's people have it. */
  readonly identity: string;
  /** In lower case, without the slash. */
  readonly name: string;
  readonly query: string;
  readonly mentions: readonly Mention[];
  /** What the chat calls this message or request. */
  readonly messageId: string;
  readonly at: Instant;
  /** What the chat tells of the sender. Throws when it can't be asked. */
  profile(): Promise<ChatProfile>;
}

/** What is said in answer: a notification in HipChat's words. */
export interface HostAnswer {
  readonly notification: ReturnType<typeof notificationOf>;
  /** For who gave the command alone. */
  readonly isPrivate: boolean;
}

/** Says something where a command was given, also later. Throws `AppError` where that is not possible (any more). */
export type Say = (answers: readonly HostAnswer[]) => Promise<void>;

/** 48 bits of FNV-1a: HipChat's ids are numbers, and others' are not. The same text gives the same number, always. */
export function numberOf(text: string): number {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return Number(hash >> 16n);
}

/** The message as HipChat would have sent it to a webhook; `host` has the chat's own ids. */
export function deliveryOf(command: HostCommand): Delivery {
  const { service, team, room, sender, name, query, mentions, messageId, at } = command;
  const userOf = (id: string, shown: string | null) => ({
    id: numberOf(`${service}:${id}`),
    name: shown ?? id,
    mention_name: shown ?? id,
  });
  const from = userOf(command.identity, sender.name);
  return {
    event: 'room_message',
    webhook_id: service,
    item: {
      message: {
        id: messageId,
        date: new Date(at).toISOString(),
        from,
        mentions: mentions.map((one) => userOf(one.identity, one.name)),
        message: query === '' ? `/${name}` : `/${name} ${query}`,
        type: 'message',
      },
      room: { id: numberOf(`${service}:${team}:${room.id}`), name: room.name ?? room.id },
      sender: from,
    },
    host: { service, team, room: room.id, user: sender.id },
  };
}
