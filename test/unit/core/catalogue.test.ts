import { describe, expect, it } from 'vitest';
import { CHAT_CAPABILITIES } from '../../../src/adapters/chat/registry.ts';
import { abilities } from '../../../src/core/abilities.ts';
import { accountSecrets, neededSecrets, secretName } from '../../../src/core/accountSecrets.ts';
import {
  accountLabel,
  CALENDAR_NAMES,
  CHAT_NAMES,
  calendarAccount,
  chatAccount,
  isChatName,
  newAccountId,
  PROVIDER_NAMES,
} from '../../../src/core/accounts.ts';
import { accountOf, fieldsToAdd, fieldsToRenew, readAnswers, startValue } from '../../../src/core/answers.ts';
import { type CatalogueEntry, isSecretField } from '../../../src/core/catalogueEntry.ts';
import { CATALOGUE, entryOf } from '../../../src/core/providerCatalogue.ts';
import { ENGLISH, REPLACEABLE } from '../../../src/core/texts.ts';

const ENTRIES = Object.entries(CATALOGUE as Readonly<Record<string, CatalogueEntry>>);
const OFFERED = [...CALENDAR_NAMES, ...CHAT_NAMES];

describe('the catalogue', () => {
  it('has every account of the settings in its right half', () => {
    const kinds = OFFERED.map((name) => entryOf(name).kind);
    expect(kinds).toEqual([...CALENDAR_NAMES.map(() => 'calendar'), ...CHAT_NAMES.map(() => 'chat')]);
  });

  it.each(ENTRIES)('%s asks for what can be found, in words that are there', (_provider, entry) => {
    const { fields, signIn, title, message, session } = entry;
    const keys = [title, message, ...fields.flatMap(({ label, hint, placeholder }) => [label, hint, placeholder])];
    expect(keys.filter((key) => key !== undefined && !(key in REPLACEABLE))).toEqual([]);
    expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length);
    // Who types something is told where to find it: beside the field, or in the message when it is the first thing.
    const unexplained = fields.filter(({ hint, optional, goesWith, kind }, index) => {
      return hint === undefined && index > 0 && optional !== true && goesWith === undefined && kind !== 'text';
    });
    expect(unexplained).toEqual([]);
    expect(fields.length === 0).toBe(signIn === 'browser');
    expect(fields.some(isSecretField)).toBe(signIn === 'fields');
    if (signIn === 'fields') expect(session).toBeUndefined();
    const others = fields.map(({ goesWith }) => goesWith).filter((key) => key !== undefined);
    expect(others.filter((key) => !fields.some((field) => field.key === key))).toEqual([]);
  });

  it.each(OFFERED)('%s keeps in the settings what is asked for, and no secret', (provider) => {
    const fields = fieldsToAdd(provider, true);
    const values = Object.fromEntries(fields.map(({ key }) => [key, `the ${key}`]));
    const account = accountOf(provider, 'one', values);
    const schema = isChatName(provider) ? chatAccount : calendarAccount;
    expect(schema.parse(account)).toEqual(account);
    for (const field of fields) {
      const kept = (account as Readonly<Record<string, unknown>>)[field.key];
      expect(kept).toBe(isSecretField(field) ? undefined : `the ${field.key}`);
    }
    const names = accountSecrets(account).map(({ name }) => `${name.kind}/${name.account}`);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(accountLabel(account)).toContain(entryOf(provider).calledBy?.alone ? 'the name' : PROVIDER_NAMES[provider]);
  });
});

describe('accounts', () => {
  it('get ids that are free', () => {
    expect(newAccountId('slack', [])).toBe('slack');
    expect(newAccountId('slack', [{ id: 'slack' }, { id: 'slack-2' }, { id: 'slack-4' }])).toBe('slack-3');
  });

  it('of before find their secrets where they were', () => {
    const slack = { id: 'work', provider: 'slack', email: 'ada@example.com' } as const;
    const ics = { id: 'family', provider: 'ics', name: 'Family', username: '' } as const;
    expect(secretName(slack)).toEqual({ kind: 'slacktoken', account: 'ada@example.com' });
    expect(secretName({ ...slack, id: 'slack-2' })).toEqual({ kind: 'accountsecret', account: 'slack-2' });
    expect(secretName(ics, 'password')).toEqual({ kind: 'icspassword', account: 'family' });
    expect(neededSecrets(ics).map(({ key }) => key)).toEqual(['address']);
    expect(neededSecrets({ ...ics, username: 'ada' }).map(({ key }) => key)).toEqual(['address', 'password']);
  });
});

describe('answers', () => {
  const server = CATALOGUE.mattermost.fields.filter(({ key }) => key === 'server');
  const read = (typed: string) => readAnswers(server, { server: typed }).values['server'];

  it.each([
    ['chat.example.com', 'https://chat.example.com'],
    [' https://Chat.Example.com/ ', 'https://chat.example.com'],
    ['https://example.com:8443/mattermost/?redirect=x', 'https://example.com:8443/mattermost'],
    ['http://localhost:8065', 'http://localhost:8065'],
    ['http://127.0.0.1:8065/', 'http://127.0.0.1:8065'],
    ['http://[::1]:8065', 'http://[::1]:8065'],
  ])('take the server %j as %s', (typed, address) => {
    expect(read(typed)).toBe(address);
  });

  it.each([
    '',
    'a b',
    'ftp://example.com',
    'http://example.com',
    'https://ada@example.com',
    'http://localhost.evil.com',
  ])('take no server %j', (typed) => {
    expect(() => read(typed)).toThrow(
      expect.objectContaining({ code: 'invalidInput', reason: expect.stringMatching(/^field:server:/) }),
    );
  });

  it('ask a further account what tells it apart, and a locked one only for its secrets', () => {
    const keys = (fields: readonly { readonly key: string }[]) => fields.map(({ key }) => key);
    expect(keys(fieldsToAdd('slack', false))).toEqual(['token']);
    expect(keys(fieldsToAdd('slack', true))).toEqual(['token', 'name']);
    const ics = { id: 'ics', provider: 'ics', name: 'Mine', username: 'ada' } as const;
    expect(keys(fieldsToRenew(ics, false))).toEqual(['address', 'username', 'password']);
    expect(keys(fieldsToRenew(ics, true))).toEqual(['address', 'password']);
    const [address, username] = fieldsToRenew(ics, false);
    expect([address?.optional, address && startValue(address, ics, '')]).toEqual([true, '']);
    expect(username && startValue(username, ics, '')).toBe('ada');
  });

  it.each([
    ['/home/ada/mine.ics', true],
    ['C:\\Users\\ada\\mine.ics', true],
    ['webcal://example.com/a.ics', true],
    ['file:///home/ada/mine.ics', false],
    ['mine.ics', false],
  ])('take %j as a calendar: %s', (address, isTaken) => {
    const take = () => readAnswers(fieldsToAdd('ics', false), { address });
    if (isTaken) expect(take().secrets).toEqual({ address });
    else expect(take).toThrow(/must begin with https/);
  });

  it('take no token with a blank in it', () => {
    expect(() => readAnswers(fieldsToAdd('slack', false), { token: 'xoxp-1 xoxp-2' })).toThrow(/blank/);
  });
});

describe('abilities', () => {
  it('say what a chat can do and what it can not', () => {
    expect(abilities(CHAT_CAPABILITIES.hipchat, ENGLISH)).toEqual({
      can: [
        'set you to Available, Do not disturb or Away',
        'show a status text of up to 500 characters',
        'keep the time zone of your profile right',
      ],
      cannot: [
        'show an emoji with the status text',
        'have the service end the status text by itself: HipStatus takes it back, and has to run for that',
      ],
    });
  });

  it('are honest about a chat that shows next to nothing', () => {
    const bare = { ...CHAT_CAPABILITIES.hipchat, states: [], textLimit: 0, profileTimeZone: false };
    expect(abilities(bare, ENGLISH)).toEqual({
      can: [],
      cannot: ['set you to Available, Busy, Do not disturb or Away', 'show a status text'],
    });
    expect(abilities(null, ENGLISH).cannot).toEqual(['change anything in your calendar']);
  });
});
