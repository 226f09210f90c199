import { type HipchatUsers, hipchatError } from '../hipchatUser.ts';
import type { Handler, SandboxAnswer, SandboxRequest } from '../http.ts';
import { type Clients, type Installation, mayUse, noSession, type Session } from './clients.ts';
import { type Scope, say } from './descriptor.ts';
import { happeningOf } from './happenings.ts';
import type { Limits } from './limits.ts';
import { type GlanceContent, type Notification, notification } from './notification.ts';
import type { HipchatRoom, Post, Rooms } from './rooms.ts';
import type { Happening, Webhooks } from './webhooks.ts';

/** What the routes share. */
export interface World {
  readonly users: HipchatUsers;
  readonly rooms: Rooms;
  readonly clients: Clients;
  readonly webhooks: Webhooks;
  /** Calls of one token. */
  readonly limits: Limits;
  /** Messages to one room. */
  readonly flood: Limits;
  /** What glances show, by {@link glanceName}. */
  readonly glances: Map<string, GlanceContent>;
  readonly now: () => number;
  /** `http://localhost:PORT`. */
  readonly base: () => string;
  /** Tells the add-ons, without waiting for them. */
  readonly happen: (happening: Happening) => void;
}

type SessionHandler = (request: SandboxRequest, session: Session) => SandboxAnswer;
type RoomHandler = (request: SandboxRequest, room: HipchatRoom, session: Session) => SandboxAnswer;

/** The token of a call, in its header or (as older clients send it) in the query. */
export const tokenOf = ({ bearer, query }: SandboxRequest) => bearer ?? query.get('auth_token') ?? '';

/** A glance of one installation, for everybody (nulls), a room, a person, or a person in a room. */
export function glanceName(oauthId: string, key: string, room: number | null, user: number | null): string {
  return JSON.stringify([oauthId, key, room, user]);
}

/** The answer to a body that does not fit. */
export function refuseBody(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): SandboxAnswer {
  return hipchatError(400, 'Bad Request', error.issues.map(say).join('; '));
}

/** Counts the call, and lets it through with a token that has one of the scopes. */
export function guarded({ clients, limits }: World, scopes: readonly Scope[], handler: SessionHandler): Handler {
  return (request) => {
    const token = tokenOf(request);
    if (!limits.take(token)) return limits.refuse(token);
    const session = clients.session(token);
    if (!session) return noSession();
    if (!mayUse(session, scopes)) {
      const needed = scopes.map((scope) => `'${scope}'`).join(', ');
      return hipchatError(403, 'Forbidden', `This action requires one of the following scopes: [${needed}]`);
    }
    return handler(request, session);
  };
}

/** The same for a path with a `:room`; an add-on that is in one room has nothing to say in another. */
export function inRoom(world: World, scopes: readonly Scope[], handler: RoomHandler): Handler {
  return guarded(world, scopes, (request, session) => {
    const room = world.rooms.find(request.param('room'));
    if (!room) return hipchatError(404, 'Not Found', 'Room not found');
    const own = session.client?.room ?? null;
    if (own !== null && own !== room.id) {
      return hipchatError(403, 'Forbidden', 'This token may not be used with this room.');
    }
    return handler(request, room, session);
  });
}

/** Who speaks with a token. */
export function speaker({ users }: World, { client, user }: Session): Pick<Post, 'from' | 'user' | 'client'> {
  if (client) {
    const { hipchatApiConsumer } = client.descriptor.capabilities;
    return { from: hipchatApiConsumer?.fromName ?? client.descriptor.name, user: null, client: client.oauthId };
  }
  return { from: users.find(user ?? 0)?.name ?? '', user, client: null };
}

/** Puts something into a room and tells the add-ons. The answer is the refusal, or null. */
export function post(
  world: World,
  session: Session,
  room: HipchatRoom,
  said: Pick<Post, 'kind' | 'text' | 'body'>,
): SandboxAnswer | Post {
  if (!world.flood.take(String(room.id))) return world.flood.refuse(String(room.id));
  const made = world.rooms.post({ ...speaker(world, session), room: room.id, ...said });
  const happening = happeningOf(made, room, world.users, world.base());
  if (happening) world.happen(happening);
  return made;
}

/** A notification, checked. */
export function notifyRoom(world: World, session: Session, room: HipchatRoom, body: unknown): SandboxAnswer | Post {
  const read = notification.safeParse(body);
  if (!read.success) return refuseBody(read.error);
  const whole: Notification = read.data;
  return post(world, session, room, { kind: 'notification', text: whole.message, body: whole });
}

/** A webhook's receiver has answered with a notification: it is sent as if by the API. A sentence where it is not. */
export function notifyByAnswer(world: World, client: Installation, room: HipchatRoom, body: unknown): Post | string {
  const scopes = client.descriptor.capabilities.hipchatApiConsumer?.scopes ?? [];
  if (!scopes.includes('send_notification')) return 'the add-on has no scope send_notification';
  const session: Session = { client, user: null, scopes, expiresAt: Number.POSITIVE_INFINITY };
  const made = notifyRoom(world, session, room, body);
  return 'status' in made ? `status ${made.status}` : made;
}
