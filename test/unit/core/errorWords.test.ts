// What errors say: every code and every known reason has a sentence in the other languages, and each names a next step.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/core/appError.ts';
import { ERROR_REASONS } from '../../../src/core/errorReasons.ts';
import { errorWords, fieldOf, settingsWords } from '../../../src/core/errorWords.ts';
import { isNetworkReason, SIGN_IN_PAGE } from '../../../src/core/networkErrors.ts';
import { EN } from '../../../src/core/texts/en.ts';
import { ENGLISH, type Speech } from '../../../src/core/texts.ts';

const GERMAN: Speech = { language: 'de', locale: 'de-DE', overrides: {} };
const error = (code: (typeof ERROR_CODES)[number], reason: string | null = null) => ({
  code,
  reason,
  message: 'What the service said. Do this.',
});

/** What the person does next, or that nobody has to do anything. */
const NEXT_STEP =
  /\b[Bb]itte\b|von selbst|HipStatus (wartet|sieht|macht)|neu begonnen werden|Zu tun ist nichts|muss|gehört deren/;

/** Reasons that say to programs where it failed; the person reads what the code says. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set([
  'Token',
  'notDav',
  'redirects',
  'syncToken',
  'refresh_token',
  'noStream',
]);

function reasonsIn(folder: string): readonly string[] {
  return readdirSync(join(import.meta.dirname, '../../../src', folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .flatMap((source) => [...source.matchAll(/\breason: '([\w-]+)'/g)].map(([, reason = '']) => reason));
}

describe('an error in English', () => {
  it('is its own message', () => {
    for (const code of ERROR_CODES) expect(errorWords(error(code), ENGLISH)).toBe('What the service said. Do this.');
  });
});

describe('an error in German', () => {
  it.each(ERROR_CODES)('%s names the service or the trouble, and the next step', (code) => {
    for (const service of ['Slack', null]) {
      const words = errorWords(error(code), GERMAN, service);
      expect(words).toMatch(NEXT_STEP);
      expect(words).not.toMatch(/\{|service|Do this/);
    }
    expect(errorWords(error(code, 'nobody-knows-it'), GERMAN, 'Slack')).toBe(errorWords(error(code), GERMAN, 'Slack'));
  });

  it.each(ERROR_REASONS)('%s has a sentence of its own', (reason) => {
    const words = errorWords(error('forbidden', reason), GERMAN, 'Slack');
    expect(words).not.toBe(errorWords(error('forbidden'), GERMAN, 'Slack'));
    expect(words).toMatch(NEXT_STEP);
    expect(words).not.toMatch(/[{}]/);
  });

  it('has a sentence for every reason that the program gives', () => {
    // What goes wrong with an update has its words in the window of updates.
    const known: ReadonlySet<string> = new Set([
      ...ERROR_REASONS,
      ...Object.keys(EN).map((key) => key.replace(/^update\.failed\./, '')),
    ]);
    const given = ['adapters', 'engine', 'desktop'].flatMap(reasonsIn);
    expect(given.length).toBeGreaterThan(50);
    const without = given.filter((one) => !known.has(one) && !isNetworkReason(one) && !FOR_PROGRAMS.has(one));
    expect([...new Set(without)]).toEqual([]);
  });

  it('says why a service could not be reached', () => {
    expect(errorWords(error('network', 'dns'), GERMAN, 'Slack')).toMatch(
      /^Der Hostname von Slack wurde nicht gefunden\./,
    );
    expect(errorWords(error('badResponse', SIGN_IN_PAGE), GERMAN, 'Slack')).toMatch(/im Netzwerk anmelden/);
    expect(errorWords(error('conflict', 'offline'), GERMAN, 'Slack')).toMatch(/^Sie sind bei Slack offline/);
    expect(errorWords(error('cancelled', 'access_denied'), GERMAN)).toMatch(/^Das wurde abgebrochen\./);
  });

  it('says what was wrong with a field', () => {
    expect(errorWords(error('invalidInput', 'field:server:https'), GERMAN)).toMatch(/^Die Adresse muss mit https/);
    expect(errorWords(error('invalidInput', 'field:token:missing'), GERMAN)).toBe('Bitte dieses Feld ausfüllen.');
    expect([fieldOf('field:server:https'), fieldOf('dns'), fieldOf(null)]).toEqual(['server', null, null]);
  });
});

describe('settings that do not hold', () => {
  const problems = [
    { path: 'rules.allDay', message: 'Not known.' },
    { path: '', message: 'The file is not valid JSON.' },
  ];

  it('are explained in English, and named in other languages', () => {
    expect(settingsWords(problems, ENGLISH)).toBe('rules.allDay: Not known. The file is not valid JSON.');
    expect(settingsWords(problems, GERMAN)).toMatch(/^rules\.allDay: Dieser Wert gilt so nicht.* Einstellungen/);
  });
});
