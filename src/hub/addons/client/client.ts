import { z } from 'zod';
import { AppError } from '../../../core/appError.ts';
import type { AddonScope } from '../descriptor.ts';
import { type GlanceContent, glanceContentOf } from '../glance.ts';
import {
  checked,
  messageSchema,
  type Notification,
  notificationOf,
  privateMessageSchema,
  topicSchema,
} from '../messages.ts';
import { CHAT } from '../outbound.ts';
import type { Api } from './api.ts';
import { fileBody, type SharedFile } from './files.ts';

const showSchema = z.enum(['away', 'chat', 'dnd', 'xa']);
/** The API knows no null in what it takes, and answers null for what it has not. */
const user = z.looseObject({
  id: z.number().int(),
  name: z.string(),
  mention_name: z.string(),
  email: z.string().nullish(),
  title: z.string().nullish(),
  timezone: z.string().nullish(),
  is_group_admin: z.boolean().nullish(),
  roles: z.array(z.string()).nullish(),
  presence: z
    .looseObject({ status: z.string().nullish(), show: showSchema.nullish(), is_online: z.boolean().nullish() })
    .nullish(),
});
const roomPerson = z.looseObject({ id: z.number().int(), name: z.string(), mention_name: z.string() });
const roomPeople = z.looseObject({ items: z.array(roomPerson) });
const presenceSchema = z.strictObject({
  /** chat: available, xa: away for longer. Default: as it is. */
  show: showSchema.optional(),
  /** Free text. Default: as it is. */
  status: z.string().max(500).optional(),
});
const messageOptions = z.strictObject({
  notify: z.boolean().optional(),
  message_format: z.enum(['html', 'text']).optional(),
});

/** A user as the API answers (`GET /v2/user/{id_or_email}`). */
export type ChatUser = z.output<typeof user>;
export type RoomPerson = z.output<typeof roomPerson>;
export type UserPresence = z.input<typeof presenceSchema>;

/** Every call throws `AppError`: `rateLimited` with `retryAfter`, and `reason` `floodControl` where it is too much for one recipient. */
export interface RoomClient {
  /** A plain text, in which nothing is markup, or a notification with colour, format and card. Scope `send_notification`. */
  notify(notification: Notification | string): Promise<void>;
  /** As a person would say it. 1,000 characters. Scope `send_message`. */
  message(message: string): Promise<void>;
  /** 1,000 characters. Scope `send_message`. */
  reply(parentMessageId: string, message: string): Promise<void>;
  /** Up to 50 MB. Scope `send_message`. */
  shareFile(file: SharedFile): Promise<void>;
  /** 250 characters. Scope `admin_room`. */
  setTopic(topic: string): Promise<void>;
  /** Who is there, and whom the room knows besides; a thousand at most. Scope `view_room`. */
  people(): Promise<readonly RoomPerson[]>;
}

export interface UserClient {
  /** Scope `view_group`. */
  get(): Promise<ChatUser>;
  /** 10,000 characters. Scope `send_message`. */
  message(message: string, options?: z.input<typeof messageOptions>): Promise<void>;
  shareFile(file: SharedFile): Promise<void>;
  /** Reads the whole user and writes it back with this presence. Throws `conflict` for one who is offline. Scope `admin_group`. */
  setPresence(presence: UserPresence): Promise<void>;
}

/** Where a glance shows something new: for all, in a room, for a user, or for a user in a room. */
export interface GlanceTarget {
  readonly room?: number | string;
  readonly user?: number | string;
}

/** What an add-on can do at its chat server. */
export interface AddonClient {
  /** The room of the call. Throws `invalidInput` where there is none. */
  readonly room: RoomClient;
  /** @param room id or name */
  inRoom(room: number | string): RoomClient;
  /** @param user id, email address or `@mention` */
  user(user: number | string): UserClient;
  /** Shows something new in glances, by their keys. Default: in the room of the call, else for all. */
  updateGlances(glances: Readonly<Record<string, GlanceContent>>, target?: GlanceTarget): Promise<void>;
  /** The same with a token for these scopes alone. */
  withScopes(scopes: readonly AddonScope[]): AddonClient;
}

const part = (value: number | string): string => {
  const text = String(value);
  // "." and ".." would be taken out of the address.
  if (text === '' || /^\.{1,2}$/.test(text))
    throw new AppError('invalidInput', 'A room or user needs an id or a name.');
  return encodeURIComponent(text);
};

function roomClient(api: Api, room: number | string): RoomClient {
  const path = `/room/${part(room)}`;
  return {
    notify: async (notification) => api.send('POST', `${path}/notification`, notificationOf(notification)),
    message: async (message) =>
      api.send('POST', `${path}/message`, { message: checked(messageSchema, message, 'The message') }),
    reply: async (parentMessageId, message) =>
      api.send('POST', `${path}/reply`, {
        parentMessageId: checked(z.string().min(1), parentMessageId, 'The id of the message'),
        message: checked(messageSchema, message, 'The message'),
      }),
    shareFile: async (file) => api.send('POST', `${path}/share/file`, fileBody(file)),
    setTopic: async (topic) => api.send('PUT', `${path}/topic`, { topic: checked(topicSchema, topic, 'The topic') }),
    people: async () => (await api.get(`${path}/participant?include-offline=true&max-results=1000`, roomPeople)).items,
  };
}

function userClient(api: Api, who: number | string): UserClient {
  const path = `/user/${part(who)}`;
  const get = () => api.get(path, user);
  return {
    get,
    message: async (message, options = {}) =>
      api.send('POST', `${path}/message`, {
        message: checked(privateMessageSchema, message, 'The message'),
        ...checked(messageOptions, options, 'The message'),
      }),
    shareFile: async (file) => api.send('POST', `${path}/share/file`, fileBody(file)),
    async setPresence(presence) {
      const wanted = checked(presenceSchema, presence, 'The presence');
      await api.send('PUT', path, updateOf(await get(), wanted));
    },
  };
}

/** The whole user, as PUT takes it: what is left out would go back to its default, and what we were not told is not made up. */
function updateOf(read: ChatUser, { show, status }: UserPresence): object {
  const { name, mention_name, email, title, timezone, is_group_admin, roles, presence } = read;
  if (presence == null || presence.is_online === false) {
    throw new AppError('conflict', 'This user is offline: only a chat client can change that.', { reason: 'offline' });
  }
  if (email == null) {
    throw new AppError('badResponse', `${CHAT} does not tell this user's email address, which a change needs.`, {
      reason: 'email',
    });
  }
  const kept = Object.entries({ timezone, is_group_admin, roles }).filter(([, value]) => value != null);
  return {
    name,
    mention_name,
    email,
    title: title ?? '',
    ...Object.fromEntries(kept),
    presence: { show: show ?? presence.show ?? 'chat', status: status ?? presence.status ?? '' },
  };
}

/** @param room the room of the call; null for none */
export function createClient(apiFor: (scopes: readonly AddonScope[] | null) => Api, room: number | null): AddonClient {
  const make = (scopes: readonly AddonScope[] | null): AddonClient => {
    const api = apiFor(scopes);
    return {
      get room() {
        if (room !== null) return roomClient(api, room);
        throw new AppError('invalidInput', 'This call is of no room. Say which: client.inRoom(…).', {
          reason: 'noRoom',
        });
      },
      inRoom: (other) => roomClient(api, other),
      user: (who) => userClient(api, who),
      async updateGlances(glances, target) {
        const { room: inRoom, user: forUser } = target ?? (room === null ? {} : { room });
        const path = `/addon/ui${inRoom === undefined ? '' : `/room/${part(inRoom)}`}${
          forUser === undefined ? '' : `/user/${part(forUser)}`
        }`;
        const glance = Object.entries(glances).map(([key, content]) => ({ key, content: glanceContentOf(content) }));
        await api.send('POST', path, { glance });
      },
      withScopes: (wanted) => make(wanted),
    };
  };
  return make(null);
}
