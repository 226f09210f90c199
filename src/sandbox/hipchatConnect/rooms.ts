import { randomUUID } from 'node:crypto';
import type { HipchatUser, HipchatUsers } from '../hipchatUser.ts';

export interface HipchatRoom {
  id: number;
  name: string;
  topic: string;
  privacy: 'public' | 'private';
  is_archived: boolean;
  /** Ids of users. */
  members: number[];
  /** Ids of users who have it open. */
  participants: number[];
}

export type HipchatRoomInput = Partial<HipchatRoom> & Pick<HipchatRoom, 'id' | 'name'>;

/** Something that stands in a room's history. */
export interface Post {
  readonly id: string;
  readonly kind: 'message' | 'notification' | 'reply' | 'file' | 'link';
  /** Id of the room. */
  readonly room: number;
  /** The name beside it. */
  readonly from: string;
  /** Id of the user whose words they are; null of an add-on's. */
  readonly user: number | null;
  /** The add-on's `oauthId`; null of a person's. */
  readonly client: string | null;
  readonly text: string;
  /** What was sent, with its defaults. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The rooms of one chat server, and what was said in them. */
export class Rooms {
  readonly posts: Post[] = [];
  readonly #rooms = new Map<number, HipchatRoom>();
  readonly #users: HipchatUsers;
  readonly #listeners = new Set<(post: Post) => void>();
  readonly #now: () => number;

  constructor(rooms: readonly HipchatRoomInput[], users: HipchatUsers, now: () => number) {
    this.#users = users;
    this.#now = now;
    for (const room of rooms) this.add(room);
  }

  add(room: HipchatRoomInput): HipchatRoom {
    const members = this.#users.all.map(({ id }) => id);
    const defaults = { topic: '', privacy: 'public' as const, is_archived: false, members, participants: [] };
    const whole = { ...defaults, ...room };
    this.#rooms.set(whole.id, whole);
    return whole;
  }

  get all(): readonly HipchatRoom[] {
    return [...this.#rooms.values()];
  }

  /** By id or name. */
  find(key: number | string): HipchatRoom | undefined {
    const wanted = String(key).toLowerCase();
    return this.all.find((room) => String(room.id) === wanted || room.name.toLowerCase() === wanted);
  }

  /** For a test's own words: throws where there is no such room. */
  known(key: number | string): HipchatRoom {
    const room = this.find(key);
    if (!room) throw new Error(`the sandbox has no HipChat room ${key}`);
    return room;
  }

  remove(key: number | string): void {
    this.#rooms.delete(this.known(key).id);
  }

  post(post: Omit<Post, 'id' | 'at'>): Post {
    const whole = { ...post, id: randomUUID(), at: this.#now() };
    this.posts.push(whole);
    for (const listener of [...this.#listeners]) listener(whole);
    return whole;
  }

  /** Returns the way out. */
  onPost(listener: (post: Post) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A user as webhooks and lists name one. */
export function userRef(user: Pick<HipchatUser, 'id' | 'name' | 'mention_name'>, base: string) {
  const { id, name, mention_name } = user;
  return { id, links: { self: `${base}/v2/user/${id}` }, mention_name, name, version: '00000000' };
}

/** A room as webhooks and lists name one. */
export function roomRef({ id, name, privacy, is_archived }: HipchatRoom, base: string) {
  const self = `${base}/v2/room/${id}`;
  const links = {
    members: `${self}/member`,
    participants: `${self}/participant`,
    self,
    webhooks: `${self}/webhook`,
  };
  return { id, is_archived, links, name, privacy, version: '00000000' };
}
