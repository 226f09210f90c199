import type { HipchatUser } from './hipchat.ts';
import type { SandboxAnswer } from './http.ts';

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
export function readUpdate(body: unknown): { update: Update } | { problem: string } {
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
