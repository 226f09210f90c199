// Makes the tables of services in README.md and docs/services.md from the catalogue (src/core/providerCatalogue.ts) and what the registry says each
// chat can do (src/adapters/chat/registry.ts).
//
//   npm run services               writes them
//   npm run services -- --check    says whether they are up to date, and ends with 1 if not
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHAT_CAPABILITIES } from '../src/adapters/chat/registry.ts';
import { CALENDAR_NAMES, CHAT_NAMES, type ProviderName } from '../src/core/accounts.ts';
import type { CatalogueField } from '../src/core/catalogueEntry.ts';
import { STATE_NAMES } from '../src/core/headline.ts';
import type { ChatCapabilities, PresenceState } from '../src/core/presence.ts';
import { entryOf } from '../src/core/providerCatalogue.ts';
import { ENGLISH, text as words } from '../src/core/texts.ts';

const ROOT = join(import.meta.dirname, '..');
/** The pages, and the tables that each has. */
const PAGES = {
  'README.md': ['chats'],
  'docs/services.md': ['chats', 'calendars', 'what chats need'],
} as const;
type Page = keyof typeof PAGES;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

/** What a person needs for a field, in a few words. */
function need({ label, optional, goesWith }: CatalogueField): string {
  const text = words(label, ENGLISH);
  const isOptional = optional === true || goesWith !== undefined;
  return isOptional && !text.includes(', ') ? `${text} (optional)` : text;
}

/** What is asked of a person. */
function needs(provider: ProviderName): string {
  const { signIn, fields, byEmail, deviceCode } = entryOf(provider);
  if (signIn === 'browser') return `a sign-in in your browser${deviceCode ? ', or a code on another device' : ''}`;
  const asked = fields.filter(({ ifSeveral }) => ifSeveral !== true).map(need);
  return [...(byEmail ? ['your email address there'] : []), ...asked].join('; ');
}

const YES = 'yes';
const NO = '–';
const several = (provider: ProviderName): string => (entryOf(provider).several ? YES : 'one');
const SHOWN: readonly PresenceState[] = ['available', 'busy', 'dnd', 'away'];

function chatRow(provider: (typeof CHAT_NAMES)[number]): readonly string[] {
  const { states, textLimit, emoji, expires, stateExpires }: ChatCapabilities = CHAT_CAPABILITIES[provider];
  const shown = SHOWN.filter((state) => states.includes(state)).map((state) => STATE_NAMES[state]);
  const ends = [...(expires ? ['text'] : []), ...(stateExpires ? ['state'] : [])];
  return [
    entryOf(provider).name,
    shown.length === 0 ? NO : shown.join(', '),
    textLimit === 0 ? NO : `up to ${textLimit} characters`,
    emoji ? YES : NO,
    ends.length === 0 ? NO : ends.join(' and '),
    several(provider),
  ];
}

const TABLES = {
  chats: () => table(['chat', 'states', 'text', 'emoji', 'ends by itself', 'several'], CHAT_NAMES.map(chatRow)),
  calendars: () =>
    table(
      ['calendar', 'what it needs', 'several'],
      CALENDAR_NAMES.map((provider) => [entryOf(provider).name, needs(provider), several(provider)]),
    ),
  'what chats need': () =>
    table(
      ['chat', 'what it needs', 'on the command line'],
      CHAT_NAMES.map((provider) => [entryOf(provider).name, needs(provider), `\`hipstatus accounts add ${provider}\``]),
    ),
};

/** `document` with each table between its two marks. */
function filled(page: Page, document: string): string {
  return PAGES[page].reduce((before, name) => {
    const [begin, end] = [`<!-- ${name}: made by npm run services -->`, `<!-- end of ${name} -->`];
    const from = before.indexOf(begin);
    const to = before.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${page} lacks the marks of "${name}"`);
    return `${before.slice(0, from + begin.length)}\n\n${TABLES[name]()}\n\n${before.slice(to)}`;
  }, document);
}

const ALL = Object.keys(PAGES) as Page[];
const read = (page: Page): string => readFileSync(join(ROOT, page), 'utf8');

/** Whether the pages say what the code says. */
export const isUpToDate = (): boolean => ALL.every((page) => filled(page, read(page)) === read(page));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--check')) {
    for (const page of ALL) writeFileSync(join(ROOT, page), filled(page, read(page)));
  } else if (!isUpToDate()) {
    process.stderr.write(`${ALL.join(' and ')} are not up to date: npm run services\n`);
    process.exitCode = 1;
  }
}
