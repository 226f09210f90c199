// What the tests of Slack and Mattermost share: a hub with both, the chats' side of it, and where they take answers.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Addon } from '../../src/hub/addons/addon.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from '../../src/sandbox/http.ts';
import { type HubWorld, openHub } from './hub-world.ts';

export const SLACK_SECRET = 'slack-signing-secret-of-tests';
export const BOT_TOKEN = 'xoxb-bot-token-of-tests';
export const MATTERMOST_TOKEN = 'nezum4kpu3faiec7r7c5zt6tfy';
export const TEAM = 'T1DC2JH3J';
export const USER = 'U2CERLKJA';
export const CHANNEL = 'G8PSS9T3V';
/** Mattermost's ids. */
export const MM_USER = 'k1x4aqdjy3813c84m771eoc9xo';
const MM_TEAM = 'tsb8crrn5tgqtedpkt81b4tcya';
export const MM_CHANNEL = 'i3bb9xfyqt8rtbyshmyhgsj16c';

export interface SlackOptions {
  readonly secret?: string;
  /** Seconds since the epoch. */
  readonly at?: number;
  /** Sent instead of what was signed. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where both chats take answers: `/answers` for response_url, Slack's Web API at `/api`. */
export interface ChatSide extends Service {
  /** What came, oldest first. */
  readonly got: { readonly path: string; readonly body: unknown; readonly authorization: string | null }[];
  /** Resolves with the next that comes to that path. */
  next(path: string): Promise<unknown>;
  /** What `/api/users.info` answers. */
  user: object;
}

async function startChatSide(): Promise<ChatSide> {
  const got: { path: string; body: unknown; authorization: string | null }[] = [];
  const waiting: { path: string; resolve: (body: unknown) => void }[] = [];
  const take = (answer: () => SandboxAnswer) => (request: SandboxRequest) => {
    const { path, json, form, headers } = request;
    const body = json ?? Object.fromEntries(form);
    got.push({ path, body, authorization: String(headers['authorization'] ?? '') || null });
    for (const one of waiting.filter((each) => each.path === path)) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve(body);
    }
    return answer();
  };
  const ok = (): SandboxAnswer => ({ status: 200, body: { ok: true } });
  const service = await startService({
    name: 'chat-side',
    routes: {
      'POST /answers': take(ok),
      'POST /hooks/commands/:id': take(ok),
      'POST /api/chat.postMessage': take(ok),
      'POST /api/chat.postEphemeral': take(ok),
      'POST /api/users.info': take(() => ({ status: 200, body: { ok: true, user: side.user } })),
    },
    notFound: take(() => ({ status: 404, body: 'not here' })),
  });
  const side: ChatSide = {
    ...service,
    got,
    user: { team_id: TEAM, profile: {} },
    next: (path) =>
      new Promise((resolve) => {
        waiting.push({ path, resolve });
      }),
  };
  return side;
}

export interface HostsWorld extends HubWorld {
  readonly chat: ChatSide;
  script(file: string, code: string): void;
  /** A signed request of Slack. */
  signed(path: string, body: string, type: string, options?: SlackOptions): Promise<Response>;
  /** A slash command in Slack. */
  slash(command: string, fields?: Readonly<Record<string, string>>, options?: SlackOptions): Promise<Response>;
  event(event: object, outer?: object, options?: SlackOptions): Promise<Response>;
  /** A slash command in Mattermost. */
  mattermost(command: string, fields?: Readonly<Record<string, string>>, init?: RequestInit): Promise<Response>;
  mattermostHook(fields: Readonly<Record<string, unknown>>, asJson?: boolean): Promise<Response>;
}

export interface HostsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly addons?: readonly Addon[];
}

let count = 0;
/** Unlike all before. */
export function newId(prefix: string): string {
  count += 1;
  return `${prefix}${count}${Date.now()}`;
}

const sign = (secret: string, at: number | string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;

export async function openHosts(options: HostsOptions = {}): Promise<HostsWorld> {
  const chat = await startChatSide();
  const scripts = mkdtempSync(join(tmpdir(), 'hipstatus-hosts-'));
  const hub = await openHub({
    env: {
      HUB_INTEGRATIONS: scripts,
      HUB_SLACK_SIGNING_SECRET: SLACK_SECRET,
      HUB_SLACK_BOT_TOKEN: BOT_TOKEN,
      HUB_SLACK_API: `${chat.url}/api`,
      HUB_MATTERMOST_TOKENS: `another-token-of-mattermost,${MATTERMOST_TOKEN}`,
      HUB_MATTERMOST_URL: chat.url,
      HUB_ALLOW_PRIVATE_ADDONS: '1',
      ...options.env,
    },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.addons === undefined ? {} : { addons: options.addons }),
  });
  const now = () => Math.floor((options.clock?.now() ?? Date.now()) / 1000);
  const signed: HostsWorld['signed'] = (path, body, type, { secret = SLACK_SECRET, at = now(), ...rest } = {}) =>
    fetch(`${hub.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': sign(secret, at, body),
        ...rest.headers,
      },
      body: rest.body ?? body,
    });
  return {
    ...hub,
    chat,
    script: (file, code) => writeFileSync(join(scripts, file), code),
    signed,
    slash(command, fields = {}, more = {}) {
      const [name = '', ...rest] = command.split(' ');
      const form = new URLSearchParams({
        token: 'gIkuvaNzQIHg97ATvDxqgjtO',
        team_id: TEAM,
        team_domain: 'example',
        channel_id: CHANNEL,
        channel_name: 'lab',
        user_id: USER,
        user_name: 'ada',
        command: name,
        text: rest.join(' '),
        api_app_id: 'A123456',
        response_url: `${chat.url}/answers`,
        trigger_id: newId('13345224609.738474920.'),
        ...fields,
      });
      return signed('/hosts/slack/commands', form.toString(), 'application/x-www-form-urlencoded', more);
    },
    event(event, outer = {}, more = {}) {
      const body = JSON.stringify({
        token: 'gIkuvaNzQIHg97ATvDxqgjtO',
        team_id: TEAM,
        api_app_id: 'A123456',
        type: 'event_callback',
        event_id: newId('Ev'),
        event_time: now(),
        authorizations: [{ team_id: TEAM, user_id: 'U0BOT', is_bot: true }],
        event: { type: 'message', channel: CHANNEL, user: USER, ts: `${now()}.${newId('')}`, ...event },
        ...outer,
      });
      return signed('/hosts/slack/events', body, 'application/json', more);
    },
    mattermost(command, fields = {}, init = {}) {
      const [name = '', ...rest] = command.split(' ');
      const form = new URLSearchParams({
        channel_id: MM_CHANNEL,
        channel_name: 'town-square',
        command: name,
        response_url: `${chat.url}/hooks/commands/zozc1xwxybdedeyz8djwjpngny`,
        team_domain: 'example',
        team_id: MM_TEAM,
        text: rest.join(' '),
        token: MATTERMOST_TOKEN,
        trigger_id: newId('trigger'),
        user_id: MM_USER,
        user_name: 'ada',
        ...fields,
      });
      const isGet = init.method === 'GET';
      return fetch(`${hub.url}/hosts/mattermost/commands${isGet ? `?${form}` : ''}`, {
        method: 'POST',
        // As Mattermost sends it beside the field.
        headers: { authorization: `Token ${fields['token'] ?? MATTERMOST_TOKEN}` },
        ...(isGet ? {} : { body: form }),
        ...init,
      });
    },
    mattermostHook(fields, asJson = false) {
      const whole: Record<string, unknown> = {
        token: MATTERMOST_TOKEN,
        team_id: MM_TEAM,
        team_domain: 'example',
        channel_id: MM_CHANNEL,
        channel_name: 'town-square',
        timestamp: 1445532266,
        user_id: MM_USER,
        user_name: 'ada',
        post_id: newId('post'),
        file_ids: '',
        ...fields,
      };
      const form = new URLSearchParams(
        Object.entries(whole).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return fetch(`${hub.url}/hosts/mattermost/hooks`, {
        method: 'POST',
        ...(asJson ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(whole) } : { body: form }),
      });
    },
    async close() {
      await hub.close();
      await chat.close();
      rmSync(scripts, { recursive: true, force: true });
    },
  };
}
