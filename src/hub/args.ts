import { parseArgs } from 'node:util';
import { SCOPES, type Scope } from './model.ts';

export type TokenCommand =
  | { readonly action: 'list' }
  | { readonly action: 'revoke'; readonly id: string }
  | {
      readonly action: 'create';
      readonly name: string;
      readonly email: string | null;
      readonly scopes: readonly Scope[];
      /** Null for no end. */
      readonly days: number | null;
    };

/** What was said instead of settings. */
export interface ServeOptions {
  readonly port: number | null;
  readonly integrations: string | null;
  readonly tokens: readonly string[];
}

export type HubArgs =
  | { readonly kind: 'serve'; readonly options: ServeOptions }
  | { readonly kind: 'token'; readonly command: TokenCommand }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

const HELP = [
  'usage: hipstatus hub [--port N] [--integrations DIR [--token [ROOM:]NAME:VALUE]…]',
  '       hipstatus hub token list',
  '       hipstatus hub token create [--email A] [--name WHAT] [--scope S]… [--days N]',
  '       hipstatus hub token revoke ID',
  '',
  'Runs the hub: a server that shares the presence of a team. It needs no set-up; docs/hub.md has all settings, which are',
  'environment variables (HUB_PORT, HUB_HOST, HUB_DATA, HUB_REDIS_URL …).',
  '',
  '  -p, --port          instead of HUB_PORT',
  '  -i, --integrations  the folder of scripts for chat commands: /name runs DIR/name.ts, .mjs or .js. See docs/commands.md',
  '  -t, --token         a token for scripts, once for each: NAME:VALUE, or ROOM:NAME:VALUE with the number of a room.',
  '                      Others on this machine can read it here: HUB_INTEGRATION_TOKENS_FILE is safer',
  '',
  'token create makes a token and shows it, this once. With --email it is for that person, who is added if need be.',
  '',
  `  --scope         ${SCOPES.join(', ')}; once for each. Default: publish and read with --email, read without.`,
  '                  publish: one’s own presence. read: everybody’s. admin: everything.',
  '  --days          how long it counts; default: until it is revoked',
  '  --help          show this',
].join('\n');

const OPTIONS = {
  port: { type: 'string', short: 'p' },
  integrations: { type: 'string', short: 'i' },
  token: { type: 'string', short: 't', multiple: true },
  email: { type: 'string' },
  name: { type: 'string' },
  scope: { type: 'string', multiple: true },
  days: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const wrong = (message: string): HubArgs => ({ kind: 'wrong', message: `${message} See hipstatus hub --help.` });

/** Understands the words behind `hipstatus hub`. */
export function parseHubArgs(argv: readonly string[]): HubArgs {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (thrown) {
    return wrong(thrown instanceof Error ? `${thrown.message.split('. ')[0]}.` : 'That was not understood.');
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help', text: HELP };
  const [noun, action, id, ...rest] = positionals;
  const hasOptions = [values.email, values.name, values.scope, values.days].some((value) => value !== undefined);
  if (noun === undefined) return hasOptions ? wrong('These options are for "token create".') : readServe(values);
  if ([values.port, values.integrations, values.token].some((value) => value !== undefined)) {
    return wrong('--port, --integrations and --token are for the hub itself.');
  }
  if (noun !== 'token') return wrong(`There is no "${noun}".`);
  if (rest.length > 0 || (id !== undefined && action !== 'revoke')) return wrong('That is one word too many.');
  if (action === 'create') return readCreate(values);
  if (hasOptions) return wrong('These options are for "token create".');
  if (action === 'list') return { kind: 'token', command: { action } };
  if (action !== 'revoke') return wrong('Say what to do with tokens: list, create or revoke.');
  if (id === undefined) return wrong('Say which token: its id is in the list.');
  return { kind: 'token', command: { action, id } };
}

function readServe({ port, integrations, token }: ReturnType<typeof parse>['values']): HubArgs {
  const number = port === undefined ? null : Number(port);
  if (number !== null && !(/^\d+$/.test(port ?? '') && number <= 65_535))
    return wrong('--port is a number up to 65535.');
  if (integrations === '') return wrong('--integrations is a folder.');
  if (token !== undefined && integrations === undefined) return wrong('--token needs --integrations.');
  return { kind: 'serve', options: { port: number, integrations: integrations ?? null, tokens: token ?? [] } };
}

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });

function readCreate({ email, name, scope, days }: ReturnType<typeof parse>['values']): HubArgs {
  const scopes = (scope ?? []).map((one) => SCOPES.find((known) => known === one));
  if (scopes.includes(undefined)) return wrong(`A scope is one of: ${SCOPES.join(', ')}.`);
  if (email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email)) return wrong('--email is no email address.');
  const length = days === undefined ? null : Number(days);
  if (length !== null && !(Number.isInteger(length) && length > 0 && length <= 36_500)) {
    return wrong('--days is a whole number of days.');
  }
  const given = scopes.flatMap((one) => one ?? []);
  const usual: readonly Scope[] = email === undefined ? ['read'] : ['publish', 'read'];
  return {
    kind: 'token',
    command: {
      action: 'create',
      name: name ?? email ?? 'unnamed',
      email: email?.toLowerCase() ?? null,
      scopes: given.length > 0 ? given : usual,
      days: length,
    },
  };
}
