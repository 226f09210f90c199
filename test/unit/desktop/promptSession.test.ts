import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import { PROMPT_KINDS, type PromptKind } from '../../../src/core/prompt.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/settings.ts';
import { type PromptView, promptView } from '../../../src/desktop/ipc/promptView.ts';
import { PromptSession, type PromptWork } from '../../../src/desktop/main/promptSession.ts';
import { PromptViews } from '../../../src/desktop/main/promptViews.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { DeviceCode } from '../../../src/ports/signIn.ts';

const CODE: DeviceCode = {
  userCode: 'ABCD-1234',
  verificationUri: 'https://login.example.com/device',
  expiresAt: 0,
};
const typed = (value: string, username = '', password = '') => ({ value, username, password });

/** Work that goes on until the test ends it, or the prompt gives it up. */
function pending() {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((kept, refused) => {
    resolve = kept;
    reject = refused;
  });
  const run = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Given up.')));
    return promise;
  };
  return { run, resolve };
}

function open(kind: PromptKind, work: Partial<PromptWork> = {}, change: Partial<Settings> = {}) {
  const seen: unknown[] = [];
  const views: PromptView[] = [];
  const answered = (name: string) => async (answer: unknown) => {
    seen.push([name, answer]);
  };
  const logged: unknown[] = [];
  const log = (...line: unknown[]) => logged.push(line);
  const logger: Logger = { debug: log, info: log, warn: log, error: log, named: () => logger };
  const session = new PromptSession(kind, {
    work: {
      email: answered('email'),
      statusMessage: answered('statusMessage'),
      icsAddress: answered('icsAddress'),
      icsPassword: answered('icsPassword'),
      hipchatToken: answered('hipchatToken'),
      slackToken: answered('slackToken'),
      signInWithBrowser: answered('browser'),
      signInWithDeviceCode: async (onCode) => onCode(CODE),
      ...work,
    },
    settings: () => ({ ...DEFAULT_SETTINGS, ...change }),
    opener: { openAddress: async (url) => void seen.push(['open', url]) },
    prompter: { open: (other) => seen.push(['prompt', other]) },
    logger,
    copy: (text) => seen.push(['copy', text]),
    onView: (view) => views.push(view),
    onEnd: (_kind, kept) => seen.push(['end', kept]),
  });
  return { session, seen, views, logged };
}

describe('what prompts show', () => {
  it.each(PROMPT_KINDS)('%s fits the contract, and fills in no secret', (kind) => {
    const settings = { ...DEFAULT_SETTINGS, email: 'ada@example.com' };
    const view = new PromptViews(settings).first(kind);
    expect(promptView.parse(view)).toEqual(view);
    const secrets = view.fields.filter(({ inputType }) => inputType === 'password' || inputType === 'url');
    expect(secrets.every(({ value }) => value === '')).toBe(true);
  });

  it("uses the organisation's own words", () => {
    const organisation = { ...DEFAULT_SETTINGS.organisation, texts: { 'prompt.email.title': 'Your Acme address' } };
    expect(open('email', {}, { organisation }).session.view().title).toBe('Your Acme address');
  });

  it('starts the email and the message prompt with what is saved', () => {
    const value = (kind: PromptKind) =>
      open(kind, {}, { email: 'ada@example.com', statusMessage: 'Busy' }).session.view().fields[0]?.value;
    expect([value('email'), value('statusMessage')]).toEqual(['ada@example.com', 'Busy']);
  });
});

describe('an answer', () => {
  it('is checked while the window says so, then kept, and the prompt ends', async () => {
    const { session, seen, views } = open('hipchatToken');
    await session.submit(typed(' token '));
    expect(views.map(({ progress }) => progress)).toEqual(['Checking with HipChat…']);
    expect(seen).toEqual([
      ['hipchatToken', 'token'],
      ['end', true],
    ]);
  });

  it('that is wrong leaves the prompt open and says why', async () => {
    const hipchatToken = () => Promise.reject(new AppError('unauthorized', 'HipChat did not accept the token.'));
    const { session, seen, views, logged } = open('hipchatToken', { hipchatToken });
    await session.submit(typed('my-secret-token'));
    expect(views.at(-1)).toMatchObject({ progress: null, error: 'HipChat did not accept the token.' });
    expect(seen).toEqual([]);
    expect(JSON.stringify([views, logged])).not.toContain('my-secret-token');
  });

  it('that is empty is not sent where it is required', async () => {
    const { session, seen, views } = open('email');
    await session.submit(typed('   '));
    expect(views.at(-1)?.error).toBe('Please fill in this field.');
    expect(seen).toEqual([]);
  });

  it('that is empty is a status message too', async () => {
    const { session, seen } = open('statusMessage');
    await session.submit(typed(''));
    expect(seen).toEqual([
      ['statusMessage', ''],
      ['end', true],
    ]);
  });

  it('of a published calendar holds its user name and password', async () => {
    const { session, seen } = open('icsAddress');
    await session.submit(typed(' https://cal.example.com/a.ics ', ' ada ', ' pass '));
    const answer = { address: 'https://cal.example.com/a.ics', username: 'ada', password: ' pass ' };
    expect(seen[0]).toEqual(['icsAddress', answer]);
  });

  it('keeps the blanks of a password', async () => {
    const { session, seen } = open('icsPassword');
    await session.submit(typed(' pass '));
    expect(seen[0]).toEqual(['icsPassword', ' pass ']);
  });

  it('is not taken twice while it is checked', async () => {
    const work = pending();
    const calls: string[] = [];
    const email = (value: string, signal: AbortSignal) => {
      calls.push(value);
      return work.run(signal);
    };
    const { session } = open('email', { email });
    const first = session.submit(typed('a@example.com'));
    await session.submit(typed('b@example.com'));
    work.resolve();
    await first;
    expect(calls).toEqual(['a@example.com']);
  });

  it('is given up by Escape while it is checked', async () => {
    const work = pending();
    const { session, seen, views } = open('email', { email: (_value, signal) => work.run(signal) });
    const submitted = session.submit(typed('a@example.com'));
    session.cancel();
    await submitted;
    expect(seen).toEqual([['end', false]]);
    expect(views.at(-1)?.error).toBeNull();
  });

  it('tells nothing of a defect', async () => {
    const { session, views } = open('email', { email: () => Promise.reject(new Error('internal detail')) });
    await session.submit(typed('a@example.com'));
    expect(views.at(-1)?.error).toContain('unexpected');
    expect(views.at(-1)?.error).not.toContain('internal detail');
  });
});

describe('the token buttons', () => {
  it.each([
    ['hipchatToken', DEFAULT_SETTINGS.organisation.hipchatTokenUrl],
    ['slackToken', DEFAULT_SETTINGS.organisation.slackTokenUrl],
  ] as const)('of %s opens its address and keeps the prompt', async (kind, url) => {
    const { session, seen } = open(kind);
    await session.act('getToken');
    expect(seen).toEqual([['open', url]]);
  });

  it('do nothing in a prompt that does not show them', async () => {
    const { session, seen } = open('email');
    await session.act('getToken');
    await session.act('copyCode');
    expect(seen).toEqual([]);
  });
});

describe('signing in', () => {
  it('waits for the browser, with a way to stop and a way around', async () => {
    const work = pending();
    const { session, views, seen } = open('signIn', { signInWithBrowser: work.run });
    const submitted = session.submit(typed(''));
    expect(views.at(-1)).toMatchObject({ submitLabel: null, actions: [{ id: 'useDeviceCode' }] });
    work.resolve();
    await submitted;
    expect(seen).toEqual([['end', true]]);
  });

  it('offers another try and a code after it has failed', async () => {
    const signInWithBrowser = () => Promise.reject(new AppError('forbidden', 'Ask your administrator.'));
    const { session, views } = open('signIn', { signInWithBrowser });
    await session.submit(typed(''));
    expect(views.at(-1)).toMatchObject({
      submitLabel: 'Try again',
      error: 'Ask your administrator.',
      actions: [{ id: 'useDeviceCode' }, { id: 'useIcs' }],
    });
  });

  it('shows the code, copies it and opens its page, and gives up the browser for it', async () => {
    const browser = pending();
    const device = pending();
    const { session, views, seen } = open('signIn', {
      signInWithBrowser: browser.run,
      signInWithDeviceCode: (onCode, signal) => {
        onCode(CODE);
        return device.run(signal);
      },
    });
    const first = session.submit(typed(''));
    const second = session.act('useDeviceCode');
    await first;
    expect(views.at(-1)).toMatchObject({ code: { userCode: 'ABCD-1234' }, error: null });
    await session.act('copyCode');
    await session.act('openCodePage');
    device.resolve();
    await second;
    expect(seen).toEqual([
      ['copy', 'ABCD-1234'],
      ['open', 'https://login.example.com/device'],
      ['end', true],
    ]);
  });

  it('can be left for a calendar address', async () => {
    const { session, seen } = open('signIn');
    await session.act('useIcs');
    expect(seen).toEqual([
      ['end', false],
      ['prompt', 'icsAddress'],
    ]);
  });

  it('asks for Slack instead, only while there is no chat yet', async () => {
    const { session, seen } = open('hipchatToken');
    expect(session.view().actions.map(({ id }) => id)).toEqual(['getToken', 'useSlack']);
    await session.act('useSlack');
    expect(seen).toEqual([
      ['end', false],
      ['prompt', 'slackToken'],
    ]);
  });
});
