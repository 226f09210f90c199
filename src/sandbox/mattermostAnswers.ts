import type { SandboxAnswer } from './http.ts';
import type { MattermostCustomStatus } from './mattermost.ts';

/** Mattermost's `AppError`. */
export function mattermostError(status: number, id: string): SandboxAnswer {
  return {
    status,
    body: { id, message: 'A sentence in the language of the server.', request_id: '', status_code: status },
  };
}

/** What the server answers where there is nothing to say. */
export const okAnswer: SandboxAnswer = { status: 200, body: { status: 'OK' } };

const DURATIONS = ['thirty_minutes', 'one_hour', 'four_hours', 'today', 'this_week', 'date_and_time'];
const TEXT_LIMIT = 100;
const ZERO = '0001-01-01T00:00:00Z';

/** Reads the body of PUT …/status/custom as the server does (model/custom_status.go); null when it refuses it. */
export function readCustomStatus(body: unknown, now: number): MattermostCustomStatus | null {
  if (typeof body !== 'object' || body === null) return null;
  const { emoji = '', text = '', duration = '', expires_at = ZERO } = body as Record<string, unknown>;
  if (typeof emoji !== 'string' || typeof text !== 'string' || (emoji === '' && text === '')) return null;
  if (typeof duration !== 'string' || typeof expires_at !== 'string') return null;
  const end = Date.parse(expires_at);
  const isFuture = end >= now;
  const isValid = duration === '' ? expires_at === ZERO || isFuture : DURATIONS.includes(duration) && isFuture;
  if (!isValid) return null;
  return {
    emoji,
    text: [...text].slice(0, TEXT_LIMIT).join(''),
    duration: duration === '' && isFuture ? 'date_and_time' : duration,
    expires_at,
  };
}
