import type { HipchatPerson, HipchatUsers } from '../hipchatUser.ts';
import type { Service } from '../http.ts';
import type { Journal } from '../journal.ts';
import type { SandboxCertificate } from '../tls.ts';
import type { AttackContext } from './attacks.ts';
import type { AddonAnswer, AddonCall } from './caller.ts';
import type { Installation } from './clients.ts';
import type { WebhookEvent } from './descriptor.ts';
import type { GlanceAnswer } from './frames.ts';
import type { UninstallBy } from './installer.ts';
import type { Forgery } from './jwt.ts';
import type { GlanceContent } from './notification.ts';
import type { HipchatRoom, HipchatRoomInput, Post } from './rooms.ts';
import type { Delivery } from './webhooks.ts';

export interface HipchatConnectOptions {
  /** The people, or those that another stand-in of the same server has. */
  users: readonly HipchatPerson[] | HipchatUsers;
  rooms: readonly HipchatRoomInput[];
  /** Personal tokens → the id of their user, with their scopes. */
  tokens?: Record<string, { user: number; scopes: readonly string[] }>;
  /** Calls in five minutes with one token (500), and messages in a minute to one room (30). */
  limits?: { calls?: number; messages?: number };
  /** How long an add-on may take for an answer; default 10 s. */
  patienceMs?: number;
  port?: number;
  /** With a certificate the server speaks TLS only. */
  tls?: SandboxCertificate;
  journal?: Journal;
  now?: () => number;
}

/** By id or name; people also by email or `@mention_name`. */
export type Key = number | string;
/** Who looks at a frame, and in which room. */
export interface Looking {
  user: Key;
  room?: Key;
}

/** A HipChat server for add-ons, and what a person or an attacker may do there. */
export interface HipchatConnectSandbox extends Service {
  readonly users: HipchatUsers;
  readonly installations: readonly Installation[];
  /** Everything said in the rooms so far. */
  readonly posts: readonly Post[];
  room(key: Key): HipchatRoom;
  addRoom(room: HipchatRoomInput): void;
  addToken(token: string, user: number, scopes: readonly string[]): void;

  /** From the address of its descriptor; without a room, for all. Throws `InstallRefused`. */
  install(url: string, where?: { room?: Key }): Promise<Installation>;
  /** Its tokens end. The add-on is told by its page, by DELETE (default: as its descriptor says) or not at all. */
  uninstall(installation: Installation, by?: UninstallBy): Promise<AddonAnswer | null>;
  /** Makes a document that can be read once, as an `installable_url`; returns its address. */
  offer(document: object): string;
  /** Changes the capabilities document from now on. */
  alterCapabilities(change: (document: Record<string, unknown>) => unknown): void;
  /** Tokens issued from now on last this long. */
  setTokenLifetime(seconds: number): void;
  /** Its tokens so far end; it may get new ones. */
  endTokens(installation: Installation): void;

  /** Each resolves with what the add-ons answered; a notification in an answer is posted. */
  say(room: Key, user: Key, text: string, forgery?: Forgery): Promise<Delivery[]>;
  enter(room: Key, user: Key, forgery?: Forgery): Promise<Delivery[]>;
  exit(room: Key, user: Key, forgery?: Forgery): Promise<Delivery[]>;
  setTopic(room: Key, user: Key, topic: string, forgery?: Forgery): Promise<Delivery[]>;
  /** `room_archived`, `room_created`, `room_deleted` or `room_unarchived`. */
  change(event: WebhookEvent, room: Key, user: Key, forgery?: Forgery): Promise<Delivery[]>;

  /** A glance as the web client asks for it; what is good is then shown. */
  queryGlance(installation: Installation, key: string, looking: Looking, forgery?: Forgery): Promise<GlanceAnswer>;
  /** What a glance shows to somebody, from its query or from updates; the narrowest one counts. */
  glance(installation: Installation, key: string, looking?: Partial<Looking>): GlanceContent | null;
  /** `key` of a webPanel, dialog or externalPage, or `configurable`. */
  openFrame(installation: Installation, key: string, looking: Looking, forgery?: Forgery): Promise<AddonAnswer>;
  /** A token as frames carry it. */
  sign(installation: Installation, looking: Looking, forgery?: Forgery): string;
  /** What the attacks of `TOKEN_ATTACKS` and `BODY_ATTACKS` are made of. */
  attackContext(installation: Installation, others: Required<Looking>): AttackContext;
  /** The same call once more, or any other. */
  send(call: AddonCall): Promise<AddonAnswer>;

  /** The first post from now on that fits; rejects after some seconds. */
  nextPost(fits?: (post: Post) => boolean): Promise<Post>;
  /** Resolves when all add-ons have answered what was told them. */
  settled(): Promise<void>;
  /** 429 with `Retry-After`. */
  throttle(retryAfterSeconds: number, times?: number): void;
  /** Calls that each token may make in five minutes, counted from now. */
  setLimit(calls: number): void;
}
