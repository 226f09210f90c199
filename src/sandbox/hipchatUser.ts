import type { SandboxAnswer } from './http.ts';

export type HipchatShow = 'away' | 'chat' | 'dnd' | 'xa';

/** A user as the stand-ins keep it. */
export interface HipchatUser {
  id: number;
  name: string;
  email: string;
  mention_name: string;
  title: string;
  timezone: string;
  is_group_admin: boolean;
  /** Null while the person is offline. */
  presence: { show: HipchatShow | null; status: string } | null;
}

/** What must be said of a user; the rest has defaults. */
export type HipchatPerson = Partial<HipchatUser> & Pick<HipchatUser, 'id' | 'email' | 'name'>;

/** HipChat's error shape. */
export function hipchatError(status: number, type: string, message: string): SandboxAnswer {
  return { status, body: { error: { code: status, type, message } } };
}

type Update = Omit<HipchatUser, 'id'>;

const SHOWS = ['away', 'chat', 'dnd', 'xa'];

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The presence to show: null and absent `show` mean available, as the first HipStatus wrote it. */
function readPresence(value: unknown): { presence: HipchatUser['presence'] } | { problem: string } {
  if (value === undefined || value === null) return { presence: null };
  if (typeof value !== 'object') return { problem: "Invalid value for 'presence'" };
  const { show = null, status = '' } = value as { show?: unknown; status?: unknown };
  if (show !== null && !SHOWS.includes(String(show))) return { problem: "Invalid value for 'presence.show'" };
  if (status !== null && typeof status !== 'string') return { problem: "Invalid value for 'presence.status'" };
  return { presence: { show: (show ?? 'chat') as 'chat', status: status ?? '' } };
}

/**
 * Reads the body of a PUT as the real API did: it is the whole user. What it leaves out goes back to its default, so a
 * client must read before it writes. A null presence in the result means that the body said nothing about it.
 */
function readUpdate(body: unknown): { update: Update } | { problem: string } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { problem: 'Invalid JSON body' };
  const fields = new Map<string, unknown>(Object.entries(body));
  for (const name of ['name', 'mention_name', 'email']) {
    const value = fields.get(name);
    if (typeof value !== 'string' || value === '') return { problem: `Missing or invalid value for '${name}'` };
  }
  const text = (name: string, fallback: string) => fields.get(name) ?? fallback;
  const title = text('title', '');
  const timezone = text('timezone', 'UTC');
  const admin = fields.get('is_group_admin') ?? false;
  if (typeof title !== 'string') return { problem: "Invalid value for 'title'" };
  if (typeof timezone !== 'string' || !isZone(timezone)) return { problem: "Invalid value for 'timezone'" };
  if (typeof admin !== 'boolean') return { problem: "Invalid value for 'is_group_admin'" };
  if (!/^[^@\s]+@[^@\s]+$/.test(String(fields.get('email')))) return { problem: "Invalid value for 'email'" };
  const read = readPresence(fields.get('presence'));
  if ('problem' in read) return read;
  return {
    update: {
      name: String(fields.get('name')),
      mention_name: String(fields.get('mention_name')),
      email: String(fields.get('email')),
      title,
      timezone,
      is_group_admin: admin,
      presence: read.presence,
    },
  };
}

/** The people of one chat server. */
export class HipchatUsers {
  readonly #users = new Map<number, HipchatUser>();

  constructor(people: readonly HipchatPerson[]) {
    for (const { id, name, email, ...rest } of people) {
      const defaults = { title: '', timezone: 'UTC', is_group_admin: false };
      const presence = { show: 'chat' as const, status: '' };
      const mention_name = name.split(' ')[0] ?? name;
      this.#users.set(id, { id, name, email, mention_name, ...defaults, presence, ...rest });
    }
  }

  get all(): readonly HipchatUser[] {
    return [...this.#users.values()];
  }

  /** By id, email or `@mention_name`, as the API's paths name a user. */
  find(key: number | string): HipchatUser | undefined {
    const wanted = String(key).toLowerCase();
    return this.all.find(
      (user) =>
        String(user.id) === wanted ||
        user.email.toLowerCase() === wanted ||
        `@${user.mention_name.toLowerCase()}` === wanted,
    );
  }

  /** For a test's own words: throws where there is nobody of that name. */
  known(key: number | string): HipchatUser {
    const user = this.find(key);
    if (!user) throw new Error(`the sandbox has no HipChat user ${key}`);
    return user;
  }

  remove(key: number | string): void {
    this.#users.delete(this.known(key).id);
  }

  /** The body of `GET /v2/user/{id}`; `base` is the server's address, `now` epoch milliseconds. */
  view(user: HipchatUser, base: string, now: number): object {
    const presence = user.presence && {
      status: user.presence.status,
      idle: 0,
      show: user.presence.show,
      is_online: true,
    };
    return {
      id: user.id,
      xmpp_jid: `1_${user.id}@chat.hipchat.com`,
      is_deleted: false,
      name: user.name,
      last_active: user.presence ? new Date(now).toISOString() : null,
      title: user.title,
      presence,
      created: '2015-01-01T00:00:00+00:00',
      mention_name: user.mention_name,
      is_group_admin: user.is_group_admin,
      timezone: user.timezone,
      is_guest: false,
      email: user.email,
      photo_url: null,
      links: { self: `${base}/v2/user/${user.id}` },
    };
  }

  /** `PUT /v2/user/{id}`. */
  update(user: HipchatUser, body: unknown): SandboxAnswer {
    const read = readUpdate(body);
    if ('problem' in read) return hipchatError(400, 'Bad Request', read.problem);
    const { presence, ...profile } = read.update;
    Object.assign(user, profile);
    // A presence is shown by a connected client: the API cannot bring somebody online who is not there.
    if (presence && user.presence) user.presence = presence;
    return { status: 204 };
  }
}
