import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/args.ts';

const parse = (line: string) => parseCommandLine(line.split(' ').filter((word) => word !== ''));
const commandOf = (line: string) => {
  const parsed = parse(line);
  return parsed.kind === 'run' ? parsed.command : parsed;
};

describe('the command line', () => {
  it('knows every command', () => {
    expect(commandOf('status')).toEqual({ name: 'status' });
    expect(commandOf('sync')).toEqual({ name: 'sync', watch: false });
    expect(commandOf('sync --watch')).toEqual({ name: 'sync', watch: true });
    expect(commandOf('simulate --date 2026-02-28 --chat slack --subjects')).toEqual({
      name: 'simulate',
      date: '2026-02-28',
      chat: 'slack',
      subjects: true,
    });
    expect(commandOf('simulate')).toEqual({ name: 'simulate', date: null, chat: null, subjects: false });
    expect(commandOf('sign-in --device-code')).toEqual({ name: 'sign-in', deviceCode: true });
    expect(commandOf('secret list')).toEqual({ name: 'secret', action: 'list' });
    expect(commandOf('secret set hctoken --account ada@example.com')).toEqual({
      name: 'secret',
      action: 'set',
      kind: 'hctoken',
      account: 'ada@example.com',
    });
    expect(commandOf('secret delete msalcache')).toMatchObject({ action: 'delete', kind: 'msalcache', account: null });
  });

  it('knows what each provider asks for', () => {
    expect(commandOf('accounts')).toEqual({ name: 'accounts', action: 'list' });
    expect(commandOf('accounts add ics --username ada --name Family')).toEqual({
      name: 'accounts',
      action: 'add',
      provider: 'ics',
      answers: { username: 'ada', name: 'Family' },
      browser: false,
      deviceCode: false,
    });
    expect(commandOf('accounts add slack --browser')).toMatchObject({ provider: 'slack', browser: true });
    expect(commandOf('accounts add microsoft365 --device-code')).toMatchObject({ answers: {}, deviceCode: true });
    expect(commandOf('accounts remove slack-2')).toEqual({ name: 'accounts', action: 'remove', account: 'slack-2' });
  });

  it('takes --json and --debug with each', () => {
    for (const line of ['status', 'sync', 'simulate', 'sign-in', 'secret list']) {
      expect(parse(`${line} --json --debug`)).toMatchObject({ kind: 'run', json: true, debug: true });
      expect(parse(line)).toMatchObject({ kind: 'run', json: false, debug: false });
    }
  });

  it('explains itself', () => {
    for (const line of ['--help', '-h', 'help']) {
      expect(parse(line)).toMatchObject({ kind: 'help', text: expect.stringContaining('usage: hipstatus COMMAND') });
    }
    for (const name of ['status', 'sync', 'simulate', 'sign-in', 'accounts', 'secret']) {
      const text = expect.stringContaining(`usage: hipstatus ${name}`);
      expect(parse(`${name} --help`)).toMatchObject({ kind: 'help', text });
    }
  });

  it('leaves the words behind "hub" to the hub, and names it', () => {
    expect(parse('hub token add --help')).toEqual({ kind: 'hub', words: ['token', 'add', '--help'] });
    expect(parse('--help')).toMatchObject({ text: expect.stringMatching(/^ {2}hub {2,}\S/m) });
  });

  it.each([
    ['', 'Say what to do. Commands: status, sync'],
    ['nonsense', 'There is no command "nonsense"'],
    ['status --foo', "Unknown option '--foo'. See hipstatus status --help."],
    ['status now', '"now" is one word too many'],
    ['simulate --date', "'--date <value>' argument missing"],
    ['simulate --date 31.1.2026', 'Write it as 2026-01-31.'],
    ['simulate --date 2026-02-30', '"2026-02-30" is no date.'],
    ['accounts show', 'list, add, calendars or remove'],
    ['accounts add', 'Say which service: microsoft365'],
    ['accounts add icq', 'Say which service: microsoft365'],
    ['accounts add hipchat --username ada', '--username is nothing that hipchat asks for'],
    ['accounts add slack --token xoxp-1', "Unknown option '--token'"],
    ['accounts remove', 'Say which account'],
    ['accounts remove slack slack-2', '"slack-2" is one word too many'],
    ['secret', 'list, set or delete'],
    ['secret show', 'list, set or delete'],
    ['secret list hctoken', '"hctoken" is one word too many'],
    ['secret set', 'Say which secret: hctoken'],
    ['secret set password', 'Say which secret: hctoken'],
    ['secret set hctoken my-token', 'is one word too many'],
  ])('says what is wrong with "%s"', (line, message) => {
    expect(parse(line)).toEqual({ kind: 'wrong', message: expect.stringContaining(message) });
  });
});
