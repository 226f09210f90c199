// The catalogue: every text in every language, with the same marks, and none that nobody reads.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DE } from '../../../src/core/texts/de.ts';
import { EN } from '../../../src/core/texts/en.ts';
import { speechOf, type TextKey, text } from '../../../src/core/texts.ts';

const KEYS = Object.keys(EN) as readonly TextKey[];
const ROOT = join(import.meta.dirname, '../../..');
const marksIn = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();

/** The same in both: names, examples, and words that German has taken over. */
const ALIKE: ReadonlySet<TextKey> = new Set<TextKey>([
  'account.server.placeholder',
  'common.banner',
  'preferences.fault.other',
  'preferences.chats',
  'preferences.messages.emoji',
  'preferences.preview.event',
  'preferences.general.language.en',
  'preferences.general.language.de',
  'setting.chats',
  'welcome.step.chat',
  'welcome.plan.item',
  'sample.event.standup',
  'sample.event.webinar',
  'account.token',
  'check.proxy',
  'day.times',
  'today.chats',
  'menu.accounts',
  'notice.disk.body',
  'notice.forOthers.body',
  'notice.keychain.body',
  'notice.settings.body',
  'prompt.icsAddress.placeholder',
  'prompt.slackToken.placeholder',
  'prompt.submit',
  'state.offline',
  'update.title',
]);

/** The files where a text is asked for: all of the program but the catalogue itself. */
function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/core[\\/]texts[\\/]/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
}

describe('the catalogue', () => {
  it('has the same keys in both languages, none of them empty', () => {
    expect(Object.keys(DE).sort()).toEqual([...KEYS].sort());
    for (const catalogue of [EN, DE]) {
      const wrong = Object.entries(catalogue).filter(([, words]) => words === '' || words !== words.trim());
      // Said only by the sample data, in its own words.
      expect(wrong).toEqual([['common.banner', '']]);
    }
  });

  it('has the same marks in both', () => {
    const different = KEYS.filter((key) => marksIn(EN[key]).join() !== marksIn(DE[key]).join());
    expect(different).toEqual([]);
  });

  it('is translated, but for a few words that are the same', () => {
    expect(KEYS.filter((key) => EN[key] === DE[key] && !ALIKE.has(key))).toEqual([]);
    expect([...ALIKE].filter((key) => EN[key] !== DE[key])).toEqual([]);
  });

  it('writes German as German is written: no du, quotes below and above, a blank before an ellipsis', () => {
    const wrong = KEYS.filter((key) => /\b(du|dein\w*|dich|dir)\b|"|\p{L}…|\.\.\./iu.test(DE[key]));
    expect(wrong).toEqual([]);
  });

  it('holds nothing that nobody asks for', () => {
    const all = sources(join(ROOT, 'src')).join('\n');
    // Whole keys, and keys with a part that is known only when it runs: `check.${id}.ok`.
    const patterns = [...all.matchAll(/`([a-z][\w-]*\.[^`\s]*\$\{[^`\s]*)`/gi)].map(([, template = '']) => {
      const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^()|[\]\\]/g, '\\$&'));
      // What comes last may have parts of its own: `setting.${path}`.
      const isLast = parts.at(-1) === '';
      return new RegExp(`^${parts.join('[\\w-]+').replace(/\[\\w-\]\+$/, isLast ? '[\\w.-]+' : '$&')}$`);
    });
    const isAsked = (key: string) => all.includes(`'${key}'`) || patterns.some((pattern) => pattern.test(key));
    expect(KEYS.filter((key) => !isAsked(key))).toEqual([]);
  });
});

describe('speech', () => {
  const system = (languages: readonly string[], region = 'de-DE') => ({ languages, region });

  it.each([
    ['system', system(['de-AT', 'en']), 'de', 'de-DE'],
    ['system', system(['fr-FR', 'de']), 'de', 'de-DE'],
    ['system', system(['fr-FR'], 'fr-FR'), 'en', 'en-FR'],
    ['system', system([], ''), 'en', 'en'],
    ['system', system(['*'], 'C'), 'en', 'en'],
    ['system', system(['c'], 'en-US@posix'), 'en', 'en-US'],
    ['system', system(['de'], 'de-AT@currency=EUR'), 'de', 'de-AT'],
    ['en', system(['de-DE']), 'en', 'en-DE'],
    ['de', system(['en-US'], 'en-US'), 'de', 'de-US'],
  ] as const)('%s with %j', (chosen, locale, language, tag) => {
    expect(speechOf(chosen, locale, {})).toEqual({ language, locale: tag, overrides: {} });
  });

  it("says it in the organisation's own words where it has some", () => {
    const overrides = { 'prompt.submit': 'Weiter zu {service}' };
    expect(text('prompt.submit', speechOf('de', system([]), overrides), { service: 'X' })).toBe('Weiter zu X');
    expect(text('prompt.checking', speechOf('de', system([]), {}), { service: 'Slack' })).toBe('Slack wird gefragt …');
  });
});
