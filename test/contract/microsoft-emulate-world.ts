import { createEmulator } from 'emulate';
import { Agent, fetch as undiciFetch } from 'undici';
import type { AuthDeps } from '../../src/adapters/calendar/microsoft365/auth.ts';
import type { Fetch } from '../../src/adapters/http.ts';
import { type BrowserPage, browse } from '../../src/sandbox/browser.ts';
import { type SandboxAnswer, type SandboxRequest, type Service, startService } from '../../src/sandbox/http.ts';
import { makeCertificate } from '../../src/sandbox/tls.ts';
import { MemorySecrets } from '../fakes/memoryStores.ts';
import { freePort } from './servers/process.ts';

/** The redirect that the app is registered with. Entra takes any port of it (RFC 8252, section 7.3). */
const REGISTERED = 'http://localhost';
const DROPPED = new Set(['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding']);

export interface EmulatedMicrosoftSeed {
  readonly users: readonly { readonly email: string; readonly name: string; readonly tenant_id: string }[];
  readonly clients: readonly { readonly id: string; readonly secret: string }[];
}

/** Microsoft as `emulate` plays it (sign-in and Graph's `/me`), over TLS, with what our sign-in needs to reach it. */
export interface EmulatedMicrosoft {
  readonly service: Service;
  readonly secrets: MemorySecrets;
  readonly deps: AuthDeps;
  /** Who sits at the browser; replaced by tests. */
  account: string;
  /** What is typed into the address bar in place of the address that was opened. */
  retype: (url: string) => string;
  /** Addresses that were opened, and the pages they ended on. */
  readonly opened: string[];
  readonly pages: BrowserPage[];
  close(): Promise<void>;
}

/**
 * The proxy adds two things of Entra's that the emulator lacks, and leaves its token answers as they are: endpoints lie
 * under the tenant (the emulator has them at the root only), and a loopback redirect may have any port.
 */
async function startProxy(emulatorUrl: string, tls: Awaited<ReturnType<typeof makeCertificate>>): Promise<Service> {
  /** The redirect with its port, by the sign-in's `state`. */
  const redirects = new Map<string, string>();

  async function forward(request: SandboxRequest, path: string, body: string): Promise<SandboxAnswer> {
    const query = request.query.size > 0 ? `?${request.query}` : '';
    const sent = ['authorization', 'content-type'].flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const answer = await fetch(`${emulatorUrl}${path}${query}`, {
      method: request.method,
      redirect: 'manual',
      headers: Object.fromEntries(sent),
      ...(body === '' ? {} : { body }),
    });
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !DROPPED.has(name)));
    return { status: answer.status, headers, body: await answer.text() };
  }

  /** Takes the port from a loopback redirect; every other one stays, and is the emulator's to refuse. */
  function withoutPort(fields: URLSearchParams): void {
    const given = fields.get('redirect_uri') ?? '';
    if (!/^http:\/\/localhost:\d+\/?$/.test(given)) return;
    const state = fields.get('state');
    if (state !== null) redirects.set(state, given);
    fields.set('redirect_uri', REGISTERED);
  }

  async function handle(request: SandboxRequest): Promise<SandboxAnswer> {
    const path = request.path.replace(/^\/[^/]+(?=\/oauth2\/v2\.0\/)/, '');
    withoutPort(request.query);
    withoutPort(request.form);
    const answer = await forward(request, path, request.form.size > 0 ? request.form.toString() : request.rawBody);
    const [, tenant] = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(request.path) ?? [];
    if (tenant !== undefined) {
      return {
        ...answer,
        body: String(answer.body).replaceAll(`${service.url}/oauth2/`, `${service.url}/${tenant}/oauth2/`),
      };
    }
    if (path === '/oauth2/v2.0/authorize/callback') {
      const back = redirects.get(request.form.get('state') ?? '') ?? REGISTERED;
      return { ...answer, body: String(answer.body).replace(`action="${REGISTERED}"`, `action="${back}"`) };
    }
    return answer;
  }

  const service = await startService({
    name: 'microsoft',
    tls,
    routes: { '* *': handle },
    notFound: () => ({ status: 404 }),
  });
  return service;
}

/** @param seed the first client is the one that our settings name, and the first user the one at the browser */
export async function startEmulatedMicrosoft(seed: EmulatedMicrosoftSeed): Promise<EmulatedMicrosoft> {
  const certificate = await makeCertificate();
  const port = await freePort();
  const service = await startProxy(`http://127.0.0.1:${port}`, certificate);
  const emulator = await createEmulator({
    service: 'microsoft',
    port,
    hostname: '127.0.0.1',
    // Its issuer and its addresses are those of the proxy.
    baseUrl: service.url,
    seed: {
      microsoft: {
        users: seed.users,
        oauth_clients: seed.clients.map(({ id, secret }) => ({
          client_id: id,
          // A public client has none, but the emulator breaks without the field.
          client_secret: secret,
          name: 'HipStatus',
          redirect_uris: [REGISTERED],
        })),
      },
    },
  });
  const agent = new Agent({ connect: { ca: certificate.cert } });
  const fetch: Fetch = (url, init) =>
    undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
  const secrets = new MemorySecrets();
  const opened: string[] = [];
  const pages: BrowserPage[] = [];
  const world: EmulatedMicrosoft = {
    service,
    secrets,
    opened,
    pages,
    account: seed.users[0]?.email ?? '',
    retype: (url) => url,
    deps: {
      fetch,
      now: Date.now,
      secrets,
      organisation: {
        graphTenant: 'organizations',
        graphClientId: seed.clients[0]?.id ?? '',
        graphAuthority: service.url,
        graphBaseUrl: service.url,
      },
      openAddress: async (url) => {
        opened.push(url);
        pages.push(await browse(world.retype(url), { account: world.account, ca: certificate.cert }));
      },
    },
    async close() {
      await agent.close();
      await service.close();
      await emulator.close();
    },
  };
  return world;
}
