import { z } from 'zod';
import { AppError } from '../../core/appError.ts';
import { SECOND } from '../../core/time.ts';
import type { ChatProfile } from '../addons/calls.ts';
import type { GuardedFetch } from '../guard/guardedFetch.ts';

const answerSchema = z.looseObject({ ok: z.boolean(), error: z.string().optional() });
const userSchema = z.looseObject({
  user: z.looseObject({
    team_id: z.string().optional(),
    tz: z.string().optional(),
    is_bot: z.boolean().optional(),
    is_email_confirmed: z.boolean().optional(),
    profile: z.looseObject({ email: z.string().optional() }),
  }),
});

export interface SlackApiOptions {
  /** Such as `https://slack.com/api`. */
  readonly address: string;
  readonly token: string;
  readonly guard: Pick<GuardedFetch, 'request'>;
}

/** What of Slack's Web API a bot needs. Throws `AppError`. */
export interface SlackApi {
  /** `chat.postMessage`, `chat.postEphemeral`. */
  post(method: 'chat.postMessage' | 'chat.postEphemeral', message: object): Promise<void>;
  /** Of a member of that workspace; of others, who are in a shared channel, nothing is said. */
  profile(user: string, team: string): Promise<ChatProfile>;
}

const MAX_ANSWER = 262_144;

export function slackApi({ address, token, guard }: SlackApiOptions): SlackApi {
  const call = async (method: string, type: string, body: string): Promise<unknown> => {
    const { status, body: bytes } = await guard.request(`${address}/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
      timeout: 10 * SECOND,
      maxBytes: MAX_ANSWER,
    });
    const refused = (reason: string) =>
      new AppError('badResponse', 'Slack did not do it. The reason has its word for why.', { reason });
    if (status !== 200) throw refused(`http${status}`);
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch {
      throw refused('json');
    }
    const parsed = answerSchema.safeParse(value);
    if (!parsed.success) throw refused('json');
    if (!parsed.data.ok) throw refused(/^\w{1,60}$/.exec(parsed.data.error ?? '')?.[0] ?? 'error');
    return value;
  };
  return {
    async post(method, message) {
      await call(method, 'application/json; charset=utf-8', JSON.stringify(message));
    },
    async profile(user, team) {
      const parsed = userSchema.safeParse(
        await call('users.info', 'application/x-www-form-urlencoded', new URLSearchParams({ user }).toString()),
      );
      if (!parsed.success) return { email: null, timeZone: null };
      const { team_id, tz, is_email_confirmed = true, profile } = parsed.data.user;
      const isOwn = team_id === team && is_email_confirmed;
      return { email: isOwn ? (profile.email ?? null) : null, timeZone: tz ?? null };
    },
  };
}
