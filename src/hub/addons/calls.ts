import type { AddonClient } from './client/client.ts';
import type { Delivery, Message } from './deliveries.ts';
import type { WebhookEvent } from './descriptor.ts';
import type { GlanceContent } from './glance.ts';
import type { Notification } from './messages.ts';

/** One installation of an add-on, in a room or for a whole group of people. Its secret is not in it. */
export interface Tenant {
  readonly oauthId: string;
  readonly groupId: number;
  /** Null when it is installed for all rooms. */
  readonly roomId: number | null;
  /** Where the chat server's API is, such as `https://chat.example.com/v2`. */
  readonly apiUrl: string;
  readonly homepage: string | null;
  /** Milliseconds since the epoch. */
  readonly installedAt: number;
  /**
   * A token with which the add-on's own pages call it back, good for 15 minutes (900 seconds), in the name of a user.
   * @param context what the handler gets as `context`; with `{...call.context}` the page goes on where it was opened
   */
  signJwt(userId: number | string, context?: RequestContext): Promise<string>;
}

/** What the chat server says of where a request comes from. */
export interface RequestContext {
  readonly room_id?: number | undefined;
  /** IANA name of the user's time zone. */
  readonly user_tz?: string | undefined;
  readonly [name: string]: unknown;
}

/** A user. Requests of pages name the id alone. */
export interface Sender {
  readonly id: string;
  readonly name: string | null;
  readonly mentionName: string | null;
}

export interface Room {
  readonly id: number;
  /** Requests of pages name the id alone. */
  readonly name: string | null;
}

/** What every handler gets. */
export interface Call {
  readonly tenant: Tenant;
  /** Null when nobody in particular caused it. */
  readonly sender: Sender | null;
  readonly context: RequestContext;
  /** Where it happened, else where the add-on is installed; null for none. */
  readonly room: Room | null;
  /** The chat server's API, in the name of the add-on. */
  readonly client: AddonClient;
}

export interface WebhookCall extends Call {
  readonly event: WebhookEvent;
  readonly message: Message | null;
  /** How the webhook's pattern met the message; null without one, or where only the server can read it. */
  readonly match: RegExpExecArray | null;
  /** As it was sent. */
  readonly delivery: Delivery;
}

/** Somebody a message mentions. */
export interface Mention {
  /** As `ChatPerson.identity`. */
  readonly identity: string;
  /** As it stands in the message, without the @. */
  readonly name: string;
}

/** What a chat tells of a person. */
export interface ChatProfile {
  readonly email: string | null;
  /** IANA name. */
  readonly timeZone: string | null;
}

/** Who gave a command. */
export interface ChatPerson {
  readonly service: 'hipchat' | 'slack' | 'mattermost';
  /** As the identities of a hub's people have it: `GROUP:USER` (HipChat), `TEAM:USER` (Slack), the user's id (Mattermost). */
  readonly identity: string;
  readonly name: string | null;
  /** Asks the chat. Nulls where it does not tell. */
  profile(): Promise<ChatProfile>;
}

/** A command that somebody gave in any chat. */
export interface CommandCall {
  /** In lower case, without the slash. */
  readonly name: string;
  /** What follows it, without the space around; empty for nothing. */
  readonly query: string;
  readonly who: ChatPerson;
  readonly mentions: readonly Mention[];
}

/** A request of a page: the chat shows it, or the add-on's own page asks for more. */
export interface PageCall extends Call {
  readonly query: Readonly<Record<string, string>>;
  /** For `/data?signed_request=…`, `Authorization: JWT …` or `tokenTag`: good for 15 minutes. */
  readonly token: string;
  /** For `<script nonce="…">`: other scripts within the page don't run. */
  readonly nonce: string;
}

export interface RouteCall extends PageCall {
  readonly method: RouteMethod;
  /** The parts that are named in the path: `/rooms/:name`. */
  readonly params: Readonly<Record<string, string>>;
  /** JSON or form, parsed; undefined for none. */
  readonly body: unknown;
}

/** A request that anybody may have made. */
export type AnonymousCall = Pick<RouteCall, 'method' | 'params' | 'query' | 'body' | 'nonce'>;

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer with all its parts. A body that is no text or bytes goes as JSON. */
export interface Answer {
  readonly status?: number;
  /** Content type, such as `text/html; charset=utf-8`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Awaitable<T> = T | Promise<T>;

/** May answer with a notification, which the chat server shows in the room. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing needs no return statement
export type WebhookHandler = (call: WebhookCall) => Awaitable<Notification | string | null | undefined | void>;
const PRIVATE = Symbol.for('hipstatus.addon.private');
export type PrivateAnswer = { readonly [PRIVATE]: true; readonly notification: Notification | string };

/** An answer for who gave the command alone. HipChat has no such answers to a webhook: there the room reads it. */
export const privately = (notification: Notification | string): PrivateAnswer => ({ [PRIVATE]: true, notification });
export const isPrivate = (value: unknown): value is PrivateAnswer =>
  typeof value === 'object' && value !== null && PRIVATE in value;

export type CommandHandler = (
  call: CommandCall,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing needs no return statement
) => Awaitable<PrivateAnswer | Notification | string | null | undefined | void>;
/** Answers HTML. */
export type PageHandler = (call: PageCall) => Awaitable<string | HtmlAnswer>;
export type GlanceHandler = (call: PageCall) => Awaitable<GlanceContent>;
/** What it returns goes as JSON, except what `answer` made. */
export type RouteHandler = (call: RouteCall) => Awaitable<unknown>;
export type AnonymousHandler = (call: AnonymousCall) => Awaitable<unknown>;

const ANSWER = Symbol.for('hipstatus.addon.answer');
export type HtmlAnswer = Answer & { readonly [ANSWER]: true };

/** An answer that is not simply JSON with status 200. */
export const answer = (parts: Answer): HtmlAnswer => ({ ...parts, [ANSWER]: true });
export const isAnswer = (value: unknown): value is HtmlAnswer =>
  typeof value === 'object' && value !== null && ANSWER in value;

/** An installation that has come, or is gone. */
export interface LifeCall {
  readonly tenant: Tenant;
  /** Of no use any more when the installation is gone. */
  readonly client: AddonClient;
}
export type LifeHandler = (call: LifeCall) => Awaitable<void>;

/** An add-on at work, for what it does by itself. */
export interface AddonHost {
  /** All installations, the oldest id first. */
  tenants(): Promise<readonly Tenant[]>;
  /** @param roomId default: the tenant's own */
  client(tenant: Tenant, roomId?: number): AddonClient;
}
/** May return what ends its work. */
export type StartHandler = (host: AddonHost) => Awaitable<(() => Awaitable<void>) | void>;
