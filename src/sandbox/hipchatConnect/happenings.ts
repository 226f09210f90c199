import type { HipchatUser, HipchatUsers } from '../hipchatUser.ts';
import { type HipchatRoom, type Post, userRef } from './rooms.ts';
import type { Happening } from './webhooks.ts';

/** A time as HipChat wrote it: microseconds, and an offset for UTC. */
export function stamp(date: number): string {
  return new Date(date).toISOString().replace('Z', '000+00:00');
}

/** The people whose `@mention_name` is in a text. */
export function mentioned(text: string, users: HipchatUsers): readonly HipchatUser[] {
  const names = new Set([...text.matchAll(/@(\w+)/g)].map(([, name = '']) => name.toLowerCase()));
  return users.all.filter(({ mention_name }) => names.has(mention_name.toLowerCase()));
}

/**
 * What a post is to webhooks. Recorded bodies are known of `room_message` only; `room_notification` has a plain name as
 * its `from`, as Atlassian's framework reads it.
 */
export function happeningOf(post: Post, room: HipchatRoom, users: HipchatUsers, base: string): Happening | null {
  const user = post.user === null ? null : (users.find(post.user) ?? null);
  const mentions = mentioned(post.text, users).map((one) => userRef(one, base));
  const common = { date: stamp(post.at), id: post.id, mentions, message: post.text };
  if (post.kind === 'notification') {
    const { color, message_format } = post.body;
    const message = { ...common, from: post.from, color, message_format, type: 'notification' };
    return { event: 'room_notification', room, user, text: post.text, item: { message } };
  }
  if (user === null) return null;
  const sender = userRef(user, base);
  if (post.kind === 'file') {
    const { file } = post.body;
    return { event: 'room_file_upload', room, user, item: { file, sender } };
  }
  const message = { ...common, from: sender, type: 'message' };
  return { event: 'room_message', room, user, text: post.text, item: { message } };
}

/** What somebody did to a room, with `item.sender`. */
export function deedOf(
  event: Happening['event'],
  room: HipchatRoom,
  user: HipchatUser,
  base: string,
  more: Record<string, unknown> = {},
): Happening {
  return { event, room, user, item: { sender: userRef(user, base), ...more } };
}

/** A change of the topic. Who an add-on is as a sender is recorded nowhere: it has its name here, and the id 0. */
export function topicChange(room: HipchatRoom, user: HipchatUser | null, name: string, base: string): Happening {
  const sender = user ? userRef(user, base) : userRef({ id: 0, name, mention_name: '' }, base);
  return { event: 'room_topic_change', room, user, item: { sender, topic: room.topic } };
}
