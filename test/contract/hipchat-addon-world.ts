import { jwtVerify } from 'jose';
import {
  type HipchatConnectOptions,
  type HipchatConnectSandbox,
  startHipchatConnect,
} from '../../src/sandbox/hipchatConnect/index.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from '../../src/sandbox/http.ts';

export const ADA = 42;
export const GRACE = 43;
export const ENGINE = 1815;
export const COMPILERS = 1906;

/** What an add-on was told when it was installed. */
export interface Told {
  oauthId: string;
  oauthSecret: string;
  groupId: number;
  roomId?: number;
  capabilitiesUrl: string;
}

/** An add-on of twenty lines: it keeps what it gets, and answers what a test wants. */
export interface TestAddon extends Service {
  readonly descriptorUrl: string;
  readonly told: Told[];
  readonly requests: SandboxRequest[];
  /** What `POST /hook` answers. */
  answer: SandboxAnswer;
  /** Parts of the descriptor's capabilities. */
  capabilities: Record<string, unknown>;
}

/** Starts an add-on that asks for all that the stand-in can do. */
export async function startTestAddon(): Promise<TestAddon> {
  const told: Told[] = [];
  const requests: SandboxRequest[] = [];
  const keep =
    (answer: () => SandboxAnswer = () => ({ status: 204 })) =>
    (request: SandboxRequest) => {
      requests.push(request);
      return answer();
    };
  const glance = { label: { type: 'html', value: '<b>2</b> busy' } };
  const cors = { 'access-control-allow-origin': '*' };
  const service = await startService({
    name: 'own-addon',
    routes: {
      'GET /descriptor': () => ({ status: 200, body: describe() }),
      'POST /installed': (request) => {
        told.push(request.json as Told);
        return keep()(request);
      },
      'DELETE /installed/:id': keep(),
      'GET /page/:which': keep(() => ({ status: 302, headers: { location: '/' } })),
      'POST /hook': keep(() => addon.answer),
      'GET /frame': keep(() => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<title>Panel</title>',
      })),
      'POST /frame': keep(() => ({ status: 200 })),
      'GET /glance': keep(() => ({ status: 200, headers: cors, body: glance })),
      'GET /silent-glance': keep(() => ({ status: 200, body: { label: 'busy' } })),
    },
    notFound: () => ({ status: 404, body: 'not here' }),
  });
  const at = (path: string) => `${service.url}${path}`;
  const hook = (event: string, more = {}) => ({ event, url: at('/hook'), name: event, authentication: 'jwt', ...more });
  const icon = { url: at('/icon.png') };

  function describe(): object {
    const capabilities = {
      hipchatApiConsumer: {
        scopes: [
          'send_notification',
          'send_message',
          'view_room',
          'view_group',
          'admin_room',
          'admin_group',
          'view_messages',
        ],
        fromName: 'Testing',
      },
      installable: { callbackUrl: at('/installed') },
      configurable: { url: at('/frame?what=configure') },
      webhook: [
        hook('room_message', { pattern: '^/[tT]est' }),
        hook('room_notification', { pattern: 'build (failed|broke)' }),
        ...['room_enter', 'room_exit', 'room_topic_change', 'room_file_upload', 'room_archived'].map((event) =>
          hook(event),
        ),
      ],
      glance: [
        { key: 'busy', name: { value: 'Busy' }, icon, target: 'panel', queryUrl: at('/glance') },
        { key: 'wrong', name: { value: 'Wrong' }, icon, target: 'panel', queryUrl: at('/silent-glance') },
      ],
      webPanel: [{ key: 'panel', name: { value: 'Panel' }, url: at('/frame'), location: 'hipchat.sidebar.right' }],
      ...addon.capabilities,
    };
    return { key: 'testing', name: 'Testing add-on', links: { self: at('/descriptor') }, capabilities };
  }

  const addon: TestAddon = {
    ...service,
    descriptorUrl: at('/descriptor'),
    told,
    requests,
    answer: { status: 204 },
    capabilities: {},
  };
  return addon;
}

/** A server with two people and two rooms. */
export function startTestServer(options: Partial<HipchatConnectOptions> = {}): Promise<HipchatConnectSandbox> {
  return startHipchatConnect({
    users: [
      { id: ADA, name: 'Ada Lovelace', email: 'ada@contoso.example', timezone: 'Europe/London' },
      { id: GRACE, name: 'Grace Hopper', email: 'grace@contoso.example' },
    ],
    rooms: [
      { id: ENGINE, name: 'Engine room', topic: 'Numbers' },
      { id: COMPILERS, name: 'Compilers', members: [GRACE] },
    ],
    ...options,
  });
}

/** What a receiver that follows the book says to a token: its claims, or null. Times are checked against `now`. */
export async function checkToken(token: string, { oauthId, oauthSecret }: Told, now: number) {
  const key = new TextEncoder().encode(oauthSecret);
  const rules = { algorithms: ['HS256'], issuer: oauthId, requiredClaims: ['exp', 'iat'], currentDate: new Date(now) };
  return jwtVerify(token, key, rules).then(
    ({ payload }) => payload,
    () => null,
  );
}

/** The token of `Authorization: JWT …`, or of the query. */
export function tokenIn({ headers, query, form }: SandboxRequest): string | null {
  const header = /^JWT (\S+)$/.exec(String(headers['authorization'] ?? ''))?.[1];
  return header ?? query.get('signed_request') ?? form.get('signed_request');
}
