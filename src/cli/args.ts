import { type ParseArgsConfig, parseArgs } from 'node:util';
import { SECRET_KINDS, type SecretKind } from '../core/secretNames.ts';
import { ACCOUNT_KEYS, type AccountsCommand, optionOf, PROVIDERS, readAccounts } from './accountArgs.ts';
import { noMore, textOf, type Values, WrongUsage } from './usage.ts';

/** What the person asked for. */
export type Command =
  | { readonly name: 'status' }
  | { readonly name: 'why' }
  | { readonly name: 'activity' }
  | { readonly name: 'doctor' }
  | { readonly name: 'sync'; readonly watch: boolean }
  | {
      readonly name: 'simulate';
      readonly date: string | null;
      readonly chat: string | null;
      readonly subjects: boolean;
    }
  | { readonly name: 'sign-in'; readonly deviceCode: boolean }
  | AccountsCommand
  | { readonly name: 'secret'; readonly action: 'list' }
  | {
      readonly name: 'secret';
      readonly action: 'set' | 'delete';
      readonly kind: SecretKind;
      readonly account: string | null;
    };

export interface Run {
  readonly kind: 'run';
  readonly command: Command;
  readonly json: boolean;
  readonly debug: boolean;
}

/** A command line that was understood, or what was wrong with it. */
export type Parsed =
  | Run
  | { readonly kind: 'help'; readonly text: string }
  /** The hub reads its words itself. */
  | { readonly kind: 'hub'; readonly words: readonly string[] }
  | { readonly kind: 'wrong'; readonly message: string };

const COMMON = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  debug: { type: 'boolean', default: false },
} as const;

interface Definition {
  readonly summary: string;
  readonly usage: readonly string[];
  readonly about: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly read: (values: Values, rest: readonly string[]) => Command;
}

function readDate(value: string | null): string | null {
  if (value === null) return null;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value);
  if (!isDate) throw new WrongUsage(`"${value}" is no date. Write it as 2026-01-31.`);
  return value;
}

function readSecret(values: Values, [action, kind, ...rest]: readonly string[]): Command {
  noMore(rest);
  if (action === 'list') {
    noMore(kind === undefined ? [] : [kind]);
    return { name: 'secret', action };
  }
  if (action !== 'set' && action !== 'delete') throw new WrongUsage('Say what to do: list, set or delete.');
  const known = SECRET_KINDS.find((one) => one === kind);
  if (known === undefined) throw new WrongUsage(`Say which secret: ${SECRET_KINDS.join(', ')}.`);
  return { name: 'secret', action, kind: known, account: textOf(values['account']) };
}

const DEFINITIONS: Readonly<Record<Command['name'], Definition>> = {
  status: {
    summary: 'what HipStatus does now, and how each calendar and chat stands',
    usage: ['hipstatus status'],
    about: ['Shows the running HipStatus. When none runs: what is set up, and what is still to be taken back.'],
    options: {},
    read: (_values, rest) => {
      noMore(rest);
      return { name: 'status' };
    },
  },
  sync: {
    summary: 'bring every chat up to date now',
    usage: ['hipstatus sync [--watch]'],
    about: [
      'Asks the running HipStatus to sync. When none runs, reads the calendars and writes the chats once itself;',
      'what it has written stays, and the next run goes on with it or takes it back.',
      '',
      '  --watch         keep on: every five minutes and at each edge, until Ctrl-C. For machines without a desktop.',
    ],
    options: { watch: { type: 'boolean', default: false } },
    read: (values, rest) => {
      noMore(rest);
      return { name: 'sync', watch: values['watch'] === true };
    },
  },
  simulate: {
    summary: 'show what a day would look like, and why; writes nothing',
    usage: ['hipstatus simulate [--date YYYY-MM-DD] [--chat ID] [--subjects]'],
    about: [
      'Reads the calendars and shows which events count and what each chat would be told. No chat is called.',
      '',
      '  --date          the day, in your time zone; default today',
      '  --chat          only this chat, by its id in the settings',
      '  --subjects      show the subjects of the events too',
    ],
    options: {
      date: { type: 'string' },
      chat: { type: 'string' },
      subjects: { type: 'boolean', default: false },
    },
    read: (values, rest) => {
      noMore(rest);
      return {
        name: 'simulate',
        date: readDate(textOf(values['date'])),
        chat: textOf(values['chat']),
        subjects: values['subjects'] === true,
      };
    },
  },
  why: {
    summary: 'why your status is what it is',
    usage: ['hipstatus why'],
    about: ['Says it in a sentence, and shows the chain behind it. Reads the calendars; no chat is called.'],
    options: {},
    read: (_values, rest) => {
      noMore(rest);
      return { name: 'why' };
    },
  },
  activity: {
    summary: 'what HipStatus has decided and written in the last 7 days',
    usage: ['hipstatus activity'],
    about: [
      'One line an event, times in UTC. It holds no subjects, texts, names or addresses: it can be shown to a help desk.',
      '',
    ],
    options: {},
    read: (_values, rest) => {
      noMore(rest);
      return { name: 'activity' };
    },
  },
  doctor: {
    summary: 'check the connections: what works, what does not, and what to do',
    usage: ['hipstatus doctor'],
    about: [
      'Tries network, proxy, certificates, clock, keychain, sign-in, permission, every calendar and every chat.',
      'Reads only, and writes nothing anywhere. What it prints can be shown to a help desk.',
      'Exit code 0 when all is well, 1 when something fails.',
      '',
    ],
    options: {},
    read: (_values, rest) => {
      noMore(rest);
      return { name: 'doctor' };
    },
  },
  'sign-in': {
    summary: 'sign in to Microsoft 365',
    usage: ['hipstatus sign-in [--device-code]'],
    about: [
      'Opens your browser for the sign-in and keeps it in the keychain.',
      '',
      '  --device-code   show a code to enter in a browser on any device instead',
    ],
    options: { 'device-code': { type: 'boolean', default: false } },
    read: (values, rest) => {
      noMore(rest);
      return { name: 'sign-in', deviceCode: values['device-code'] === true };
    },
  },
  accounts: {
    summary: 'list, add, choose or remove calendars and chats',
    usage: [
      'hipstatus accounts',
      `hipstatus accounts add PROVIDER [--browser] [--device-code] ${ACCOUNT_KEYS.map((key) => `[--${optionOf(key)} …]`).join(' ')}`,
      'hipstatus accounts calendars ID [--choose NAME]…',
      'hipstatus accounts remove ID',
    ],
    about: [
      'Adding asks for what the service needs and no option has said, tries it, and says what can be done there. A token',
      'or password is never shown and never taken from the command line: it is asked for, or a line of standard input.',
      'Removing first gives back what HipStatus has set there. Calendars shows which calendars of an account there are and are',
      'read; with --choose, once for each, exactly those are.',
      `PROVIDER is one of: ${PROVIDERS.join(', ')}.`,
      '',
      '  --browser       sign in in your browser instead of with a token, where your organisation has set that up',
      '  --device-code   sign in with a code that you enter in a browser on any device',
      '  --choose        a calendar to read, by its name or id',
    ],
    options: {
      choose: { type: 'string', multiple: true },
      browser: { type: 'boolean', default: false },
      'device-code': { type: 'boolean', default: false },
      ...Object.fromEntries(ACCOUNT_KEYS.map((key) => [optionOf(key), { type: 'string' as const }])),
    },
    read: readAccounts,
  },
  secret: {
    summary: 'list, set or delete what is in the keychain',
    usage: [
      'hipstatus secret list',
      'hipstatus secret set KIND [--account A]',
      'hipstatus secret delete KIND [--account A]',
    ],
    about: [
      'A value is asked for, or read from standard input; it is never shown and never taken from the command line.',
      `KIND is one of: ${SECRET_KINDS.join(', ')}.`,
      '',
      '  --account       whose secret: the email address for a chat token, the calendar id for the others;',
      '                  default: that of the account you have set up',
    ],
    options: { account: { type: 'string' } },
    read: readSecret,
  },
};

const COMMON_HELP = [
  '  --json          answer in JSON, for other programs',
  '  --debug         log every step to standard error',
  '  --help          show this',
];

const NAMES = Object.keys(DEFINITIONS) as Command['name'][];
const HUB = 'hub';
const HUB_SUMMARY = 'the server of a team, that shows presences to other programs; it has words of its own';

function overview(): string {
  const width = Math.max(...NAMES.map((name) => name.length));
  return [
    'HipStatus keeps your chat presence true to your calendar.',
    '',
    'usage: hipstatus COMMAND [options]',
    '',
    ...NAMES.map((name) => `  ${name.padEnd(width)}   ${DEFINITIONS[name].summary}`),
    `  ${HUB.padEnd(width)}   ${HUB_SUMMARY}`,
    '',
    ...COMMON_HELP,
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage. HIPSTATUS_HOME=DIR moves everything it keeps.',
  ].join('\n');
}

function helpOf({ usage, about }: Definition): string {
  return [...usage.map((line, i) => `${i === 0 ? 'usage:' : '      '} ${line}`), '', ...about, ...COMMON_HELP].join(
    '\n',
  );
}

/** parseArgs' own advice goes on for too long: its first sentence is enough. */
const firstSentence = (message: string): string => `${(message.split(/\.\s/)[0] ?? message).replace(/\.$/, '')}.`;

/** Understands the words behind `hipstatus`. */
export function parseCommandLine(argv: readonly string[]): Parsed {
  if (argv[0] === HUB) return { kind: 'hub', words: argv.slice(1) };
  const name = NAMES.find((one) => one === argv[0]);
  if (name === undefined) {
    const wantsHelp = argv.some((word) => ['help', '--help', '-h'].includes(word));
    if (wantsHelp) return { kind: 'help', text: overview() };
    const what = argv[0] === undefined ? 'Say what to do.' : `There is no command "${argv[0]}".`;
    return { kind: 'wrong', message: `${what} Commands: ${[...NAMES, HUB].join(', ')}. See hipstatus --help.` };
  }
  const definition = DEFINITIONS[name];
  try {
    const options = { ...COMMON, ...definition.options };
    const { values, positionals } = parseArgs({ args: argv.slice(1), options, allowPositionals: true, strict: true });
    const given: Values = values as Values;
    if (given['help'] === true) return { kind: 'help', text: helpOf(definition) };
    return {
      kind: 'run',
      command: definition.read(given, positionals),
      json: given['json'] === true,
      debug: given['debug'] === true,
    };
  } catch (thrown) {
    const isParse = thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
    if (!isParse && !(thrown instanceof WrongUsage)) throw thrown;
    const message = isParse ? firstSentence(thrown.message) : thrown.message;
    return { kind: 'wrong', message: `${message} See hipstatus ${name} --help.` };
  }
}
