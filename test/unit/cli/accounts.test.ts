import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { addAccount, listAccounts, removeAccount } from '../../../src/cli/commands/accounts.ts';
import { accountCalendars } from '../../../src/cli/commands/calendars.ts';
import { type Question, readAnswers } from '../../../src/cli/readAnswers.ts';
import type { ChatRecord } from '../../../src/core/claim.ts';
import { STARTING_STATE } from '../../../src/core/syncState.ts';
import { at } from '../../fakes/events.ts';
import { rich } from '../../fakes/plans.ts';
import { FakeCli, record, SET_UP } from './fakeCli.ts';

const signal = new AbortController().signal;
const WITH_SLACK = { ...SET_UP, chats: [{ id: 'slack', provider: 'slack', email: '' }] };
const adding = (provider: 'slack' | 'hipchat' | 'microsoft365', deviceCode = false) => ({
  provider,
  answers: {},
  browser: false,
  deviceCode,
});
/** Answers every question with its key. */
const answered = async (questions: readonly Question[]) =>
  Object.fromEntries(questions.map(({ key }) => [key, `the-${key}`]));

/** What HipStatus has written in a chat and may take back. */
const CLAIMED: ChatRecord = {
  claim: {
    snapshot: { state: 'available', text: '', emoji: '', until: null },
    snapshotIsAutomatic: false,
    isAnswered: true,
    asked: { state: 'available', text: 'In a meeting', emoji: '', until: null },
    written: { state: 'available', text: 'In a meeting', emoji: '', until: null },
    previous: null,
    previousEnd: null,
    previousOwns: { state: false, text: false },
    owns: { state: false, text: true },
    yielded: { state: false, text: false },
    restoring: false,
    end: at('11:00'),
    events: ['x'],
  },
  handsOff: [],
};

describe('accounts', () => {
  it('lists them, with their state where HipStatus runs', async () => {
    const cli = new FakeCli();
    const still = record();
    expect(await listAccounts(cli, still.output)).toBe(0);
    expect(still.lines).toEqual([
      'Calendars:',
      '  microsoft365: Microsoft 365 (ada@example.com)',
      'Chats:',
      '  hipchat: HipChat',
      '  slack: Slack',
      'HipStatus is not running, so nothing is known of how they stand.',
    ]);
    cli.running = 7;
    const chat = {
      id: 'slack',
      provider: 'slack',
      label: 'Slack',
      status: 'ok',
      claimed: true,
      capabilities: rich,
      error: null,
    } as const;
    cli.stateFile.write({ ...STARTING_STATE, chats: [chat] });
    const shown = record();
    await listAccounts(cli, shown.output);
    expect(shown.lines).toContain('  slack: Slack: shows what HipStatus wrote');
    const json = record(true);
    await listAccounts(cli, json.output);
    expect(json.json).toMatchObject({ running: true, chats: [{ id: 'hipchat' }, { id: 'slack', error: null }] });
    const none = record();
    await listAccounts(new FakeCli([], {}), none.output);
    expect(none.text).toContain('hipstatus accounts add PROVIDER');
  });

  it('adds one by what is asked for, and says what can be done there', async () => {
    const cli = new FakeCli([], WITH_SLACK);
    cli.running = 7;
    const shown = record();
    expect(await addAccount(cli, adding('slack'), answered, shown.output, signal)).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(cli.settings.get().chats).toMatchObject([{ id: 'slack' }, { id: 'slack-2', name: 'the-name' }]);
    expect(cli.secrets.values).toEqual(new Map([['accountsecret/slack-2', 'the-token']]));
    expect(shown.text).toContain('Slack (the-name) is connected, as "slack-2".\nHipStatus can now:\n  set you to ');
    expect(shown.text).not.toContain('the-token');
    expect(cli.requests).toBe(1);
  });

  it('signs in by a code where that was asked for', async () => {
    const cli = new FakeCli([], { email: 'ada@example.com' });
    const shown = record();
    expect(await addAccount(cli, adding('microsoft365', true), answered, shown.output, signal)).toBe(0);
    expect(shown.lines[0]).toContain('enter this code: ABC');
    expect(cli.settings.get().calendars).toMatchObject([{ id: 'microsoft365', username: 'ada@example.com' }]);
  });

  it('removes one by itself when nobody runs: gives back first, and only there', async () => {
    const cli = new FakeCli([], SET_UP);
    await cli.claims.save('slack', CLAIMED);
    await cli.secrets.set({ kind: 'slacktoken', account: 'ada@example.com' }, 'token');
    cli.slack.personSets({ state: 'available', text: 'In a meeting', emoji: '', until: null });
    const shown = record();
    expect(await removeAccount(cli, { account: 'slack' }, shown.output)).toBe(0);
    expect(cli.slack.shown.text).toBe('');
    expect(cli.hipchat.reads).toBe(0);
    expect((await cli.claims.load()).has('slack')).toBe(false);
    expect([cli.secrets.values.size, cli.isLocked]).toEqual([0, false]);
    expect(cli.settings.get().chats.map(({ id }) => id)).toEqual(['hipchat']);
    expect(shown.lines).toEqual(['Slack is removed, and its secrets are deleted from the keychain.']);
  });

  it('leaves giving back to the HipStatus that runs, and waits for it', async () => {
    const cli = new FakeCli([], SET_UP);
    cli.running = 7;
    cli.stateFile.write(STARTING_STATE);
    const shown = record();
    expect(await removeAccount(cli, { account: 'slack' }, shown.output)).toBe(0);
    expect([cli.requests, cli.slack.reads]).toEqual([1, 0]);
    await cli.claims.save('hipchat', CLAIMED);
    expect(await removeAccount(cli, { account: 'hipchat' }, shown.output)).toBe(1);
    expect(shown.lines.at(-1)).toContain('could not be given back: change it in HipChat yourself');
  });

  it('knows no account that is not there', async () => {
    await expect(removeAccount(new FakeCli(), { account: 'nobody' }, record().output)).rejects.toMatchObject({
      code: 'notFound',
    });
  });
});

describe('reading answers', () => {
  const SERVER = { key: 'server', label: 'Server', hint: 'Your browser shows it.', isSecret: false, isRequired: true };
  const questions: readonly Question[] = [
    { ...SERVER, goesWith: null, option: '--server' },
    { ...SERVER, key: 'username', label: 'User', hint: '', isRequired: false, goesWith: null, option: '--username' },
    { ...SERVER, key: 'password', label: 'Password', hint: '', isSecret: true, goesWith: 'username', option: null },
    { ...SERVER, key: 'key', label: 'Key', hint: '', isSecret: true, goesWith: null, option: null },
  ];

  it('takes secrets from the lines of standard input, and the rest from options', async () => {
    const stdin = new PassThrough();
    stdin.end(' p w \nkey\n');
    const input = { stdin, stderr: new PassThrough() };
    const given = { server: 'https://a.example', username: 'ada' };
    expect(await readAnswers(input, questions, given)).toEqual({ ...given, password: ' p w ', key: 'key' });
    await expect(readAnswers(input, questions, {})).rejects.toThrow('Say it with --server: Server.');
  });

  it('asks a person for the rest, shows what is no secret, and leaves out what is not wanted', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const stderr = new PassThrough();
    let shown = '';
    const replies = [
      ['Server: ', 'a.example'],
      ['User (Enter for none): ', ''],
      ['Key (it is not shown): ', 'hush'],
    ] as const;
    let next = 0;
    stderr.on('data', (chunk) => {
      shown += String(chunk);
      const [question, reply] = replies[next] ?? [];
      if (question === undefined || !shown.includes(question)) return;
      next += 1;
      setImmediate(() => stdin.write(`${reply}\r`));
    });
    const answers = await readAnswers({ stdin, stderr }, questions, {});
    expect(answers).toEqual({ server: 'a.example', username: '', key: 'hush' });
    expect(shown).toContain('Your browser shows it.\n');
    expect(shown).not.toContain('hush');
    expect(shown).not.toContain('Password');
  });
});

describe('accounts calendars', () => {
  const LISTED = [
    { id: 'own-id', name: 'Calendar', isDefault: true },
    { id: 'team-id', name: 'Team', isDefault: false },
    { id: 'other-team-id', name: 'team', isDefault: false },
  ];
  const cliWith = () => {
    const cli = new FakeCli();
    Object.assign(cli.calendar, { calendars: async () => LISTED });
    return cli;
  };
  const choose = (cli: FakeCli, ...wishes: string[]) => {
    const told = record();
    return { told, done: accountCalendars(cli, { account: 'microsoft365', choose: wishes }, told.output, signal) };
  };

  it('lists them, with those that are read', async () => {
    const { told, done } = choose(cliWith());
    expect(await done).toBe(0);
    expect(told.lines).toEqual(['[x] Calendar  (own-id)', '[ ] Team  (team-id)', '[ ] team  (other-team-id)']);
  });

  it('chooses by name or id, and has the running HipStatus read them', async () => {
    const cli = cliWith();
    cli.running = 4711;
    const { told, done } = choose(cli, 'calendar', 'team-id', 'Calendar');
    await done;
    expect(told.lines[1]).toBe('[x] Team  (team-id)');
    expect(cli.settings.get().calendars).toMatchObject([{ calendars: ['own-id', 'team-id'] }]);
    expect(cli.requests).toBe(1);
  });

  it('says what it does not find, and what is not clear', async () => {
    await expect(choose(cliWith(), 'Tea').done).rejects.toThrow('There is no calendar "Tea"');
    await expect(choose(cliWith(), 'team').done).rejects.toThrow('more than one calendar "team"');
  });
});
