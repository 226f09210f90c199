import { describe, expect, it } from 'vitest';
import { CALENDAR_NAMES, CHAT_NAMES } from '../../../src/core/accounts.ts';
import { AppError } from '../../../src/core/appError.ts';
import { type Prompt, promptId } from '../../../src/core/prompt.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/settings.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { type PromptView, promptView } from '../../../src/desktop/ipc/promptView.ts';
import { PromptSession, type PromptWork } from '../../../src/desktop/main/promptSession.ts';
import { PromptViews } from '../../../src/desktop/main/promptViews.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { DeviceCode } from '../../../src/ports/signIn.ts';
import { rich } from '../../fakes/plans.ts';

const CODE: DeviceCode = {
  userCode: 'ABCD-1234',
  verificationUri: 'https://login.example.com/device',
  expiresAt: 0,
};
const typed = (value: string) => ({ value });
const token = (value: string) => ({ token: value });

const EMAIL: Prompt = { kind: 'email' };
const SIGN_IN: Prompt = { kind: 'add', provider: 'microsoft365' };
const HIPCHAT: Prompt = { kind: 'add', provider: 'hipchat' };
const SLACK: Prompt = { kind: 'add', provider: 'slack' };
const ICS: Prompt = { kind: 'add', provider: 'ics' };

/** Somebody who has one account of each. */
const SET_UP: Partial<Settings> = {
  email: 'ada@example.com',
  calendars: [
    { id: 'microsoft365', provider: 'microsoft365', homeAccountId: 'x', username: 'ada@example.com', calendars: [] },
    { id: 'ics', provider: 'ics', name: 'Family', username: 'ada' },
  ],
  chats: [
    { id: 'hipchat', provider: 'hipchat', email: '' },
    { id: 'slack', provider: 'slack', email: '' },
    { id: 'slack-2', provider: 'slack', email: '', name: 'Acme' },
  ],
};

const ADDED = {
  accountId: 'one',
  label: 'Slack (Acme)',
  capabilities: { ...rich, states: ['away'] as const, textLimit: 0, stateExpires: false },
};

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

function open(
  prompt: Prompt,
  work: Partial<PromptWork> = {},
  change: Partial<Settings> = {},
  locked: string[] = [],
  isPart = false,
) {
  const seen: unknown[] = [];
  const views: PromptView[] = [];
  const answered = (name: string) => async (answer: unknown) => {
    seen.push([name, answer]);
  };
  const logged: unknown[] = [];
  const log = (...line: unknown[]) => logged.push(line);
  const logger: Logger = { debug: log, info: log, warn: log, error: log, named: () => logger };
  const session = new PromptSession(prompt, {
    work: {
      email: answered('email'),
      statusMessage: answered('statusMessage'),
      add: async (provider, answers) => {
        seen.push(['add', provider, answers]);
        return ADDED;
      },
      renew: async (account, answers) => void seen.push(['renew', account, answers]),
      remove: async (account) => {
        seen.push(['remove', account]);
        return { label: 'Slack (Acme)', gaveBack: true };
      },
      calendars: async () => [],
      chooseCalendars: async () => {},
      ...work,
    },
    settings: () => ({ ...DEFAULT_SETTINGS, ...change }),
    locked: () => new Set(locked),
    speech: () => ({ ...ENGLISH, overrides: { ...DEFAULT_SETTINGS, ...change }.organisation.texts }),
    canSignIn: (provider) => provider === 'slack',
    opener: { openAddress: async (url) => void seen.push(['open', url]) },
    prompter: { open: (other) => seen.push(['prompt', other]) },
    logger,
    ...(isPart ? { isPart } : {}),
    copy: (text) => seen.push(['copy', text]),
    onView: (view) => views.push(view),
    onEnd: (_prompt, kept) => seen.push(['end', kept]),
  });
  return { session, seen, views, logged };
}

const PROMPTS: readonly Prompt[] = [
  EMAIL,
  { kind: 'statusMessage' },
  { kind: 'choose', what: 'calendar' },
  { kind: 'choose', what: 'chat' },
  ...[...CALENDAR_NAMES, ...CHAT_NAMES].map((provider): Prompt => ({ kind: 'add', provider })),
  { kind: 'calendars', account: 'microsoft365' },
  ...['microsoft365', 'ics', 'hipchat', 'slack', 'slack-2'].flatMap((account): Prompt[] => [
    { kind: 'renew', account },
    { kind: 'remove', account },
  ]),
];

describe('what prompts show', () => {
  it.each(PROMPTS.map((prompt) => [promptId(prompt), prompt] as const))(
    '%s fits the contract, and fills in no secret',
    (_name, prompt) => {
      const settings = { ...DEFAULT_SETTINGS, ...SET_UP };
      const view = new PromptViews(prompt, settings, new Set()).first();
      expect(promptView.parse(view)).toEqual(view);
      expect(view.title).not.toBe('');
      const secrets = view.fields.filter(({ inputType }) => inputType === 'password' || inputType === 'url');
      expect(secrets.every(({ value }) => value === '')).toBe(true);
    },
  );

  it("uses the organisation's own words", () => {
    const organisation = { ...DEFAULT_SETTINGS.organisation, texts: { 'prompt.email.title': 'Your Acme address' } };
    expect(open(EMAIL, {}, { organisation }).session.view().title).toBe('Your Acme address');
  });

  it('starts with what is saved', () => {
    const fields = (prompt: Prompt, locked: string[] = []) =>
      open(prompt, {}, SET_UP, locked)
        .session.view()
        .fields.map(({ name, value }) => [name, value]);
    expect(fields(EMAIL)).toEqual([['value', 'ada@example.com']]);
    expect(fields({ kind: 'statusMessage' })).toEqual([['value', 'In a meeting']]);
    const ics: Prompt = { kind: 'renew', account: 'ics' };
    expect(fields(ics)).toEqual([
      ['address', ''],
      ['username', 'ada'],
      ['password', ''],
    ]);
    expect(fields(ics, ['calendars']).map(([name]) => name)).toEqual(['address', 'password']);
  });

  it('names the account where there are several', () => {
    const title = (prompt: Prompt) => open(prompt, {}, SET_UP).session.view().title;
    expect(title({ kind: 'renew', account: 'hipchat' })).toBe('Enter your HipChat API token');
    expect(title({ kind: 'renew', account: 'slack-2' })).toBe('Update Slack (Acme)');
    expect(title({ kind: 'remove', account: 'slack-2' })).toBe('Remove Slack (Acme)?');
  });

  it('says of each field where to find it', () => {
    const { fields } = open(SLACK, {}, SET_UP).session.view();
    expect(fields.map(({ name, hint }) => [name, hint !== ''])).toEqual([
      ['token', false],
      ['name', true],
    ]);
  });
});

describe('an answer', () => {
  it('is checked while the window says so, then kept; where it is part of another window, that goes on', async () => {
    const { session, seen, views } = open(HIPCHAT, {}, {}, [], true);
    await session.submit(token(' token '));
    expect(views.map(({ progress }) => progress)).toEqual(['Checking with HipChat…']);
    expect(seen).toEqual([
      ['add', 'hipchat', { token: ' token ' }],
      ['end', true],
    ]);
  });

  it('that adds an account ends with what can be done there', async () => {
    const { session, seen, views } = open(SLACK, {}, SET_UP);
    await session.submit(token('token'));
    expect(promptView.parse(views.at(-1))).toMatchObject({
      title: 'Slack (Acme) is connected',
      message: 'HipStatus can now:',
      fields: [],
      submitLabel: 'Done',
      cancelLabel: null,
      outcome: {
        can: ['set you to Away'],
        cannotLabel: 'It cannot:',
        cannot: ['set you to Available, Busy or Do not disturb', 'show a status text'],
      },
    });
    await session.submit({});
    expect(seen).toEqual([
      ['add', 'slack', { token: 'token' }],
      ['end', true],
    ]);
    const closed = open(SLACK, {}, SET_UP);
    await closed.session.submit(token('token'));
    closed.session.cancel();
    expect(closed.seen.at(-1)).toEqual(['end', true]);
  });

  it('renews an account without more ado', async () => {
    const { session, seen } = open({ kind: 'renew', account: 'slack-2' }, {}, SET_UP);
    await session.submit(token('token'));
    expect(seen).toEqual([
      ['renew', 'slack-2', { token: 'token' }],
      ['end', true],
    ]);
  });

  it('that is wrong leaves the prompt open and says why', async () => {
    const add = () => Promise.reject(new AppError('unauthorized', 'HipChat did not accept the token.'));
    const { session, seen, views, logged } = open(HIPCHAT, { add });
    await session.submit(token('my-secret-token'));
    expect(views.at(-1)).toMatchObject({
      progress: null,
      error: 'HipChat did not accept the token.',
      errorField: null,
    });
    expect(seen).toEqual([]);
    expect(JSON.stringify([views, logged])).not.toContain('my-secret-token');
  });

  it('that is wrong in one field says in which', async () => {
    const add = () => Promise.reject(new AppError('invalidInput', 'No address.', { reason: 'field:address' }));
    const { session, views } = open(ICS, { add });
    await session.submit({ address: 'x', username: '', password: '' });
    expect(views.at(-1)).toMatchObject({ error: 'No address.', errorField: 'address' });
  });

  it('that is empty is not sent where it is required', async () => {
    const { session, seen, views } = open(EMAIL);
    await session.submit(typed('   '));
    expect(views.at(-1)).toMatchObject({ error: 'Please fill in this field.', errorField: 'value' });
    expect(seen).toEqual([]);
  });

  it('that is empty is a status message too', async () => {
    const { session, seen } = open({ kind: 'statusMessage' });
    await session.submit(typed(''));
    expect(seen).toEqual([
      ['statusMessage', ''],
      ['end', true],
    ]);
  });

  it('is handed on as it was typed: what a password may hold is not for the window to say', async () => {
    const { session, seen } = open(ICS);
    const answer = { address: ' https://cal.example.com/a.ics ', username: ' ada ', password: ' pass ' };
    await session.submit(answer);
    expect(seen[0]).toEqual(['add', 'ics', answer]);
  });

  it('is not taken twice while it is checked', async () => {
    const work = pending();
    const calls: string[] = [];
    const email = (value: string, signal: AbortSignal) => {
      calls.push(value);
      return work.run(signal);
    };
    const { session } = open(EMAIL, { email });
    const first = session.submit(typed('a@example.com'));
    await session.submit(typed('b@example.com'));
    work.resolve();
    await first;
    expect(calls).toEqual(['a@example.com']);
  });

  it('is given up by Escape while it is checked', async () => {
    const work = pending();
    const { session, seen, views } = open(EMAIL, { email: (_value, signal) => work.run(signal) });
    const submitted = session.submit(typed('a@example.com'));
    session.cancel();
    await submitted;
    expect(seen).toEqual([['end', false]]);
    expect(views.at(-1)?.error).toBeNull();
  });

  it('tells nothing of a defect', async () => {
    const { session, views } = open(EMAIL, { email: () => Promise.reject(new Error('internal detail')) });
    await session.submit(typed('a@example.com'));
    expect(views.at(-1)?.error).toContain('unexpected');
    expect(views.at(-1)?.error).not.toContain('internal detail');
  });
});

describe('removing', () => {
  const REMOVE: Prompt = { kind: 'remove', account: 'slack-2' };

  it('asks once, and goes', async () => {
    const { session, seen, views } = open(REMOVE, {}, SET_UP);
    expect(session.view()).toMatchObject({ submitLabel: 'Remove', fields: [] });
    await session.submit({});
    expect(views.at(-1)?.progress).toBe('Giving back your status…');
    expect(seen).toEqual([
      ['remove', 'slack-2'],
      ['end', true],
    ]);
  });

  it('says so when a status could not be given back', async () => {
    const remove = async () => ({ label: 'Slack (Acme)', gaveBack: false });
    const { session, seen, views } = open(REMOVE, { remove }, SET_UP);
    await session.submit({});
    expect(views.at(-1)).toMatchObject({ title: 'Slack (Acme) is removed', submitLabel: 'Done', outcome: null });
    expect(views.at(-1)?.message).toContain('could not be given back');
    expect(seen).toEqual([]);
  });
});

describe('the buttons beside a field', () => {
  it.each([
    [HIPCHAT, DEFAULT_SETTINGS.organisation.hipchatTokenUrl],
    [SLACK, DEFAULT_SETTINGS.organisation.slackTokenUrl],
  ] as const)('open the page that gives what is asked for, and keep the prompt', async (prompt, url) => {
    const { session, seen } = open(prompt);
    await session.act('link:token');
    expect(seen).toEqual([['open', url]]);
  });

  it('do nothing in a prompt that does not show them', async () => {
    const { session, seen } = open(EMAIL);
    await session.act('link:token');
    await session.act('use:slack');
    await session.act('copyCode');
    expect(seen).toEqual([]);
  });
});

describe('choosing', () => {
  it('leads to the prompt of what was chosen', async () => {
    const { session, seen } = open({ kind: 'choose', what: 'chat' });
    expect(session.view()).toMatchObject({ submitLabel: null, fields: [] });
    await session.submit({});
    await session.act('use:slack');
    expect(seen).toEqual([
      ['end', false],
      ['prompt', SLACK],
    ]);
  });

  it('offers no second account where there can be only one', () => {
    const { session } = open({ kind: 'choose', what: 'chat' }, {}, SET_UP);
    expect(session.view().actions.map(({ id }) => id)).not.toContain('use:hipchat');
    expect(session.view().actions.map(({ id }) => id)).toContain('use:slack');
  });
});

describe('choosing calendars', () => {
  const CALENDARS: Prompt = { kind: 'calendars', account: 'microsoft365' };
  const OWN = { id: 'own', name: 'Calendar', isDefault: true, isChosen: true };
  const TEAM = { id: 'team', name: 'Team', isDefault: false, isChosen: false };

  it('asks for them, shows a box for each, and keeps what is ticked', async () => {
    const chosen: unknown[] = [];
    const work = {
      calendars: async () => [OWN, TEAM],
      chooseCalendars: async (_id: string, picked: readonly unknown[], _signal: AbortSignal, onSignIn: () => void) => {
        onSignIn();
        chosen.push(...picked);
      },
    };
    const { session, views, seen } = open(CALENDARS, work, SET_UP);
    await session.load();
    expect(views[0]).toMatchObject({ fields: [], progress: 'Asking for your calendars…' });
    expect(views.at(-1)).toMatchObject({
      title: 'Choose the calendars of Microsoft 365 (ada@example.com)',
      progress: null,
      fields: [
        { name: 'calendar0', label: 'Calendar', inputType: 'checkbox', value: 'yes' },
        { name: 'calendar1', label: 'Team', inputType: 'checkbox', value: '' },
      ],
    });
    expect(promptView.parse(views.at(-1))).toEqual(views.at(-1));
    await session.submit({ calendar0: '', calendar1: 'yes' });
    expect(views.at(-1)?.progress).toBe('Waiting for you to sign in in your browser…');
    expect([chosen, seen]).toEqual([[TEAM], [['end', true]]]);
  });

  it('asks again when that failed', async () => {
    let tries = 0;
    const calendars = async () => {
      tries += 1;
      if (tries === 1) throw new AppError('network', 'Check the network.');
      return [OWN];
    };
    const { session, views } = open(CALENDARS, { calendars }, SET_UP);
    await session.load();
    expect(views.at(-1)).toMatchObject({ error: 'Check the network.', fields: [] });
    await session.submit({});
    expect(views.at(-1)).toMatchObject({ error: null, fields: [{ label: 'Calendar' }] });
  });
});

describe('signing in', () => {
  /** Signs in by the browser, or by a code when one is asked for. */
  const signIn = (browser: (signal: AbortSignal) => Promise<void>, device = browser): PromptWork['add'] => {
    return async (_provider, _answers, signal, how) => {
      how?.onCode?.(CODE);
      await (how?.onCode === undefined ? browser(signal) : device(signal));
      return ADDED;
    };
  };

  it('waits for the browser, with a way to stop and a way around', async () => {
    const work = pending();
    const { session, views, seen } = open(SIGN_IN, { add: signIn(work.run) }, {}, [], true);
    const submitted = session.submit({});
    expect(views.at(-1)).toMatchObject({ submitLabel: null, actions: [{ id: 'useDeviceCode' }] });
    work.resolve();
    await submitted;
    expect(seen).toEqual([['end', true]]);
  });

  it('offers another try and a code after it has failed', async () => {
    const add = () => Promise.reject(new AppError('forbidden', 'Ask your administrator.'));
    const { session, views } = open(SIGN_IN, { add });
    await session.submit({});
    expect(views.at(-1)).toMatchObject({
      submitLabel: 'Try again',
      error: 'Ask your administrator.',
      actions: [{ id: 'useDeviceCode' }, { id: 'use:ics' }, { id: 'choose:calendar' }],
    });
  });

  it('shows the code, copies it and opens its page, and gives up the browser for it', async () => {
    const browser = pending();
    const device = pending();
    const { session, views, seen } = open(SIGN_IN, { add: signIn(browser.run, device.run) }, {}, [], true);
    const first = session.submit({});
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

  it('is offered beside a token where the organisation has set it up', async () => {
    const work = pending();
    const { session, views } = open(SLACK, { add: signIn(work.run) }, SET_UP);
    expect(session.view().actions.map(({ id }) => id)).toEqual(['link:token', 'useBrowser']);
    const acted = session.act('useBrowser');
    expect(promptView.parse(views.at(-1))).toMatchObject({ fields: [], submitLabel: null, actions: [] });
    work.resolve();
    await acted;
    expect(views.at(-1)?.title).toBe('Slack (Acme) is connected');
    const refused = open(SLACK, { add: () => Promise.reject(new AppError('cancelled', 'Stopped.')) }, SET_UP);
    await refused.session.act('useBrowser');
    expect(refused.views.at(-1)).toMatchObject({ error: 'Stopped.', fields: [{ name: 'token' }, { name: 'name' }] });
  });

  it('can be left for a calendar address', async () => {
    const { session, seen } = open(SIGN_IN);
    await session.act('use:ics');
    expect(seen).toEqual([
      ['end', false],
      ['prompt', ICS],
    ]);
  });

  it('asks for Slack instead, only while there is no chat yet', async () => {
    const { session, seen } = open(HIPCHAT);
    expect(
      session
        .view()
        .actions.map(({ id }) => id)
        .slice(0, 2),
    ).toEqual(['link:token', 'use:slack']);
    await session.act('use:slack');
    expect(seen).toEqual([
      ['end', false],
      ['prompt', SLACK],
    ]);
    expect(
      open({ kind: 'renew', account: 'hipchat' }, {}, SET_UP)
        .session.view()
        .actions.map(({ id }) => id),
    ).toEqual(['link:token']);
  });
});
