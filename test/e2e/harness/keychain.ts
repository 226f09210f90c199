import { spawnSync } from 'node:child_process';
import { Variant } from 'dbus-next';
import { KEYRING_PASSWORD } from '../../../scripts/desktop-session.mjs';
import { Bus } from './bus.ts';

/** A keychain entry's attributes. The app's entries have `service` and `username`. */
export type Attributes = Readonly<Record<string, string>>;

const TIMEOUT_MS = 20_000;
// The Secret Service API (freedesktop.org), and gnome-keyring's own addition to it.
const SECRETS = 'org.freedesktop.secrets';
const SECRETS_PATH = '/org/freedesktop/secrets';
const SERVICE = 'org.freedesktop.Secret.Service';
const COLLECTION = 'org.freedesktop.Secret.Collection';
const KEYRING = 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface';
const LOGIN_COLLECTION = '/org/freedesktop/secrets/collection/login';

function tool(args: string[], input = ''): { status: number | null; output: string; error: string } {
  const { status, stdout, stderr, error } = spawnSync('secret-tool', args, {
    input,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (error) throw new Error(`secret-tool: ${error.message}`);
  return { status, output: stdout, error: stderr.trim() };
}

function pairs(attributes: Attributes): string[] {
  return Object.entries(attributes).flat();
}

/** The session's keychain as another program sees it: by `secret-tool`, which knows nothing of the app. */
export const keychain = {
  /** A secret; undefined when there is none. */
  lookup(attributes: Attributes): string | undefined {
    const { status, output, error } = tool(['lookup', ...pairs(attributes)]);
    if (status === 0) return output;
    if (error !== '') throw new Error(`secret-tool lookup: ${error}`);
    return undefined;
  },

  /** Everything that fits: labels, attributes and secrets as `secret-tool search` prints them. */
  search(attributes: Attributes): string {
    const { output, error } = tool(['search', '--all', ...pairs(attributes)]);
    // Attributes are printed on standard error, the rest on standard output.
    return `${output}${error}`;
  },

  store(attributes: Attributes, secret: string, label = Object.values(attributes).join(' ')): void {
    const { status, error } = tool(['store', `--label=${label}`, ...pairs(attributes)], secret);
    if (status !== 0) throw new Error(`secret-tool store: ${error}`);
  },

  /** Removes what fits; says whether there was anything. */
  clear(attributes: Attributes): boolean {
    return tool(['clear', ...pairs(attributes)]).status === 0;
  },

  /** Locks the keychain, as a person's "Lock" in a keychain program does: reading then needs the password. */
  lock(): Promise<void> {
    return withBus(async (bus) => {
      await bus.call(SECRETS, SECRETS_PATH, SERVICE, 'Lock', 'ao', [[LOGIN_COLLECTION]]);
    });
  },

  /** Unlocks it again, without the password prompt that a program's own request would bring up. */
  unlock(): Promise<void> {
    return withBus(async (bus) => {
      const [, session] = await bus.call(SECRETS, SECRETS_PATH, SERVICE, 'OpenSession', 'sv', [
        'plain',
        new Variant('s', ''),
      ]);
      const password = [session, Buffer.alloc(0), Buffer.from(KEYRING_PASSWORD), 'text/plain'];
      const values = [LOGIN_COLLECTION, password];
      await bus.call(SECRETS, SECRETS_PATH, KEYRING, 'UnlockWithMasterPassword', 'o(oayays)', values);
    });
  },

  /** Whether it is locked now. */
  isLocked(): Promise<boolean> {
    return withBus(async (bus) => (await bus.properties(SECRETS, LOGIN_COLLECTION, COLLECTION))['Locked'] === true);
  },
};

async function withBus<T>(job: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await Bus.connect();
  try {
    return await job(bus);
  } finally {
    await bus.close();
  }
}
