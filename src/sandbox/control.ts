import { z } from 'zod';
import { CONNECT_ACTIONS } from './hipchatConnect/control.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from './http.ts';
import type { Sandbox } from './index.ts';

const event = z.object({
  id: z.string().optional(),
  subject: z.string().optional(),
  location: z.string().optional(),
  start: z.coerce.date(),
  end: z.coerce.date(),
  showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).optional(),
  isAllDay: z.boolean().optional(),
});
const presence = z.object({ show: z.enum(['away', 'chat', 'dnd', 'xa']).nullable(), status: z.string().default('') });
const FIRST = ['graph', 'hipchat', 'slack'] as const;
const CHATS = ['mattermost', 'zulip', 'rocketchat', 'googlechat', 'webhook'] as const;
const OTHERS = [...CHATS, 'hipchatConnect'] as const;
const trouble = z.object({ service: z.enum([...FIRST, ...OTHERS]), times: z.number().default(1) });
const status = z.object({ service: z.enum(CHATS), text: z.string().default('') });

type Action = (sandbox: Sandbox, body: unknown) => unknown;

/** What a person may do to the running stand-ins with `curl`; each takes one JSON object. */
const ACTIONS: Record<string, Action> = {
  addEvent: (sandbox, body) => ({ id: sandbox.graph.addEvent(dropUndefined(event.parse(body))) }),
  removeEvent: (sandbox, body) => sandbox.graph.removeEvent(z.object({ id: z.string() }).parse(body).id),
  setHipchatPresence(sandbox, body) {
    const { show, status } = presence.parse(body);
    sandbox.hipchat.setPresence(sandbox.known.account, show, status);
  },
  async outage(sandbox, body) {
    const { service, times } = trouble.parse(body);
    const first = FIRST.find((name) => name === service);
    if (first !== undefined) return sandbox[first].outage(times);
    const other = OTHERS.find((name) => name === service);
    if (other !== undefined) (await sandbox.more.open(other)).fail({ status: 503, times });
  },
  /** The person's own status text, set in the chat itself. */
  async setStatusText(sandbox, body) {
    const { service, text } = status.parse(body);
    const { more } = sandbox;
    if (service === 'mattermost') (await more.open(service)).setCustomStatus({ text, emoji: 'wave' });
    if (service === 'zulip') (await more.open(service)).setStatus(text);
    if (service === 'rocketchat') (await more.open(service)).setStatus({ statusText: text });
    if (service === 'googlechat') (await more.open(service)).setStatus(text);
    if (service === 'webhook') (await more.open(service)).switchTo({ text });
  },
  ...Object.fromEntries(
    Object.entries(CONNECT_ACTIONS).map(([name, act]): [string, Action] => [
      name,
      async ({ more }, body) => act(await more.open('hipchatConnect'), body),
    ]),
  ),
  revokeSessions: (sandbox) => sandbox.entra.revokeSessions(),
  state: async (sandbox) => ({
    events: sandbox.graph.events(),
    hipchat: sandbox.hipchat.user(sandbox.known.account),
    slack: sandbox.urls.slack === '' ? null : await sandbox.slack.status(),
    teams: sandbox.graph.presence.shown(),
    ...(await chatStates(sandbox)),
  }),
};

/** Those that run. */
async function chatStates({ more }: Sandbox): Promise<Record<string, unknown>> {
  const mattermost = await more.running('mattermost');
  const zulip = await more.running('zulip');
  const rocketchat = await more.running('rocketchat');
  const googlechat = await more.running('googlechat');
  const webhook = await more.running('webhook');
  return {
    ...(mattermost && { mattermost: { ...mattermost.status(), custom: mattermost.customStatus() } }),
    ...(zulip && { zulip: zulip.status() }),
    ...(rocketchat && { rocketchat: rocketchat.shown() }),
    ...(googlechat && { googlechat: googlechat.shown() }),
    ...(webhook && { webhook: webhook.shown() }),
  };
}

/** The optional fields without those that are undefined. */
function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as never;
}

/** Starts the hand-held control: `POST /<action>` with a JSON object. On the loopback interface only, like the rest. */
export async function startControl(sandbox: Sandbox, port = 0): Promise<Service> {
  async function run(request: SandboxRequest): Promise<SandboxAnswer> {
    const action = ACTIONS[request.param('action')];
    if (!action) return { status: 404, body: { actions: Object.keys(ACTIONS) } };
    // A web page may post text to any port; JSON it may not post without being asked first.
    if (request.json === undefined) return { status: 415, body: { error: 'send a JSON object' } };
    try {
      return { status: 200, body: (await action(sandbox, request.json)) ?? { ok: true } };
    } catch (error) {
      return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
  const notFound = () => ({ status: 404, body: { actions: Object.keys(ACTIONS) } });
  return startService({ name: 'control', port, routes: { 'POST /:action': run }, notFound });
}
