import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../../src/sandbox/tls.ts';
import { freePort, startProcess } from './process.ts';

export interface Radicale {
  readonly url: string;
  readonly port: number;
  /** Of the certificate authority, which is the certificate itself. */
  readonly certificate: string;
  readonly key: string;
  readonly username: string;
  readonly password: string;
  /** Any request as the person; resolves with status and body. */
  ask(
    method: string,
    path: string,
    body?: string,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: string }>;
  /** Makes a calendar of theirs and gives its path. */
  makeCalendar(name: string, displayName?: string, component?: 'VEVENT' | 'VTODO'): Promise<string>;
  put(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Radicale flushes each event to disk, which costs nothing where there is none. */
const MEMORY = '/dev/shm';

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Radicale (https://radicale.org, Debian's package) over TLS, on a free port, with its data in a temporary folder. */
export async function startRadicale({
  username = 'ada@contoso.example',
  password = 'app-pass-word!',
} = {}): Promise<Radicale> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'hipstatus-radicale-'));
  const port = await freePort();
  const { key, cert } = await makeCertificate();
  const path = (name: string) => join(folder, name);
  mkdirSync(path('data'));
  writeFileSync(path('cert.pem'), cert);
  writeFileSync(path('key.pem'), key);
  writeFileSync(path('users'), `${username}:${password}\n`);
  writeFileSync(
    path('config'),
    `
[server]
hosts = ${HOST}:${port}
ssl = True
certificate = ${path('cert.pem')}
key = ${path('key.pem')}
[auth]
type = htpasswd
htpasswd_filename = ${path('users')}
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = ${path('data')}
[web]
type = none
[logging]
level = warning
`,
  );
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const ask: Radicale['ask'] = (method, place, body = '', headers = {}) =>
    new Promise((resolve, reject) => {
      const asked = request(
        {
          host: HOST,
          port,
          ca: cert,
          method,
          path: place,
          headers: { authorization, 'content-length': Buffer.byteLength(body), ...headers },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  const must = async (method: string, place: string, body?: string, headers?: Record<string, string>) => {
    const { status, body: told } = await ask(method, place, body, headers);
    if (status >= 300) throw new Error(`Radicale answered ${method} ${place} with ${status}: ${told}`);
  };
  const server = await startProcess({
    command: 'radicale',
    args: ['--config', path('config')],
    cwd: folder,
    isReady: async () => (await ask('OPTIONS', '/')).status > 0,
  });
  const home = `/${encodeURIComponent(username)}/`;
  return {
    url: `https://${HOST}:${port}`,
    port,
    certificate: cert,
    key,
    username,
    password,
    ask,
    async makeCalendar(name, displayName = name, component = 'VEVENT') {
      const place = `${home}${name}/`;
      await must(
        'MKCALENDAR',
        place,
        `<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
        <d:displayname>${xml(displayName)}</d:displayname>
        <c:supported-calendar-component-set><c:comp name="${component}"/></c:supported-calendar-component-set>
        </d:prop></d:set></c:mkcalendar>`,
      );
      return place;
    },
    put: (place, text) => must('PUT', place, text, { 'content-type': 'text/calendar; charset=utf-8' }),
    remove: (place) => must('DELETE', place),
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
