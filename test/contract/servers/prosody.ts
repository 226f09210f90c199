import { execFile } from 'node:child_process';
import { createHash, createHmac, pbkdf2Sync, randomUUID } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { freePort, type ServerProcess, startProcess } from './process.ts';

const run = promisify(execFile);

export interface ProsodyOptions {
  /** `required` (as servers are set up), or `none`: plain text only. */
  readonly tls?: 'required' | 'none';
  /** Default: its domain. */
  readonly certificateFor?: string;
}

export interface Prosody {
  readonly domain: string;
  /** STARTTLS or plain. */
  readonly port: number;
  /** TLS from the first byte. */
  readonly directPort: number;
  /** Of the certificate authority, which is the certificate itself. */
  readonly certificate: string;
  /** Makes an account whose contacts (local parts) see its presence, and it theirs. */
  addUser(name: string, password: string, contacts?: readonly string[]): void;
  setPassword(name: string, password: string): void;
  /** Closes the stream of our kind of resource with this condition at the next thing that it says. */
  refuseNext(condition: string): void;
  /** kill -9. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** What it logged last. */
  readonly output: () => string;
  close(): Promise<void>;
}

/** A module of Prosody that injects what a server may say in trouble. */
const TROUBLE = `
local file = module:get_option_string("trouble_file");
local function trouble(event)
  local session, stanza = event.origin, event.stanza;
  if session.type ~= "c2s" or not session.resource or session.resource:sub(1, 10) ~= "hipstatus-" then return; end
  local handle = io.open(file, "r");
  if not handle then return; end
  local condition = handle:read("*l");
  handle:close();
  os.remove(file);
  session:close(condition);
  return true;
end
for _, name in ipairs { "pre-presence/bare", "pre-presence/host", "presence/bare", "iq/host", "iq-get/host/urn:xmpp:ping:ping" } do
  module:hook(name, trouble, 1000);
end
`;

/** A word as Prosody's stores name files. */
const fileName = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9]/g, (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** A password as `internal_hashed` keeps it (RFC 5802 section 3), with few rounds: tests sign in often. */
function hashed(password: string): string {
  const [salt, rounds] = [randomUUID(), 100];
  const salted = pbkdf2Sync(password, salt, rounds, 20, 'sha1');
  const hmac = (word: string) => createHmac('sha1', salted).update(word).digest();
  const stored = createHash('sha1').update(hmac('Client Key')).digest('hex');
  const fields = { salt, stored_key: stored, server_key: hmac('Server Key').toString('hex') };
  const lua = Object.entries(fields).map(([name, value]) => `["${name}"] = "${value}";`);
  return `{ ["iteration_count"] = ${rounds}; ${lua.join(' ')} }`;
}

async function prosodyUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string) => Number((await run('id', [flag, 'prosody'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** Prosody (https://prosody.im, Debian's package) on free ports of this machine, with its data in a temporary folder. */
export async function startProsody({ tls = 'required', certificateFor }: ProsodyOptions = {}): Promise<Prosody> {
  const domain = 'chat.example';
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-prosody-'));
  const user = await prosodyUser();
  const [port, directPort] = [await freePort(), await freePort()];
  const pem = await generate([{ name: 'commonName', value: certificateFor ?? domain }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: certificateFor ?? domain }] },
    ],
  });
  const path = (name: string) => join(folder, name);
  const store = (kind: string, name: string, lua: string) => {
    const place = path(join('data', fileName(domain), kind));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${fileName(name)}.dat`), `return ${lua};\n`);
    own();
  };
  const setPassword = (name: string, password: string) => store('accounts', name, hashed(password));
  const own = () => {
    if (user === undefined) return;
    chmodSync(folder, 0o755);
    for (const name of ['.', ...(readdirSync(folder, { recursive: true }) as string[])]) {
      const file = path(name);
      if (statSync(file).uid !== user.uid) chownSync(file, user.uid, user.gid);
    }
  };
  mkdirSync(path('data'));
  mkdirSync(path('modules'));
  writeFileSync(path('cert.pem'), pem.cert);
  writeFileSync(path('key.pem'), pem.private);
  writeFileSync(path('modules/mod_trouble.lua'), TROUBLE);
  const isSecure = tls === 'required';
  writeFileSync(
    path('prosody.cfg.lua'),
    `
data_path = "${path('data')}"
plugin_paths = { "${path('modules')}" }
modules_enabled = { "roster", "saslauth", "disco", "ping", "vcard_legacy", "pep", "smacks", "carbons", "trouble"${isSecure ? ', "tls"' : ''} }
modules_disabled = { "s2s", "offline" }
trouble_file = "${path('trouble')}"
authentication = "internal_hashed"
storage = "internal"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${isSecure ? directPort : ''} }
c2s_require_encryption = ${isSecure}
allow_unencrypted_plain_auth = false
ssl = { certificate = "${path('cert.pem')}"; key = "${path('key.pem')}" }
c2s_direct_tls_ssl = { certificate = "${path('cert.pem')}"; key = "${path('key.pem')}" }
pidfile = "${path('prosody.pid')}"
log = { { levels = { min = "info" }; to = "console" } }
VirtualHost "${domain}"
`,
  );
  own();
  let server: ServerProcess | null = null;
  const start = async () => {
    server = await startProcess({
      command: 'prosody',
      args: ['-F', '--config', path('prosody.cfg.lua')],
      cwd: folder,
      ...(user === undefined ? {} : { user }),
      isReady: () =>
        new Promise((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
          socket.on('close', () => undefined).setTimeout(1_000, () => socket.destroy());
          socket.on('connect', () => socket.destroy());
        }),
    });
  };
  await start();
  return {
    domain,
    port,
    directPort,
    certificate: pem.cert,
    addUser(name, password, contacts = []) {
      setPassword(name, password);
      const items = contacts.map(
        (contact) => `["${contact}@${domain}"] = { ["subscription"] = "both"; ["groups"] = {}; };`,
      );
      store('roster', name, `{ [false] = { ["version"] = 1; }; ${items.join(' ')} }`);
    },
    setPassword,
    refuseNext(condition) {
      writeFileSync(path('trouble'), `${condition}\n`);
      own();
    },
    kill: async () => server?.kill(),
    start,
    output: () => server?.output() ?? '',
    async close() {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
